extension String {
    /// One line without what would act on a terminal or turn the direction of writing.
    var printableLine: String {
        let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse]
        return String(String.UnicodeScalarView(singleLine.unicodeScalars.filter { !hidden.contains($0.properties.generalCategory) }))
    }
}
