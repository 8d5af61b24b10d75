import VastJSON

extension String {
    /// One line without what would act on a terminal or turn the direction of writing.
    var printableLine: String {
        let shown = singleLine.unicodeScalars.filter { !HiddenCharacter.contains($0) && $0.properties.generalCategory != .privateUse }
        return String(String.UnicodeScalarView(shown))
    }
}
