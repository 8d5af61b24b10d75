/// The names of weekdays and months, in English; short ones have three letters.
enum CalendarNames {
    static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december"
    ]
    static let shortWeekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// The position of a name, short or full and in lower case.
    static func position(of word: String, in names: [String]) -> Int? {
        names.firstIndex { $0 == word || (word.utf8.count == 3 && $0.hasPrefix(word)) }
    }
}
