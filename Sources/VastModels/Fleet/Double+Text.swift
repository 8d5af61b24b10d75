extension Double {
    /// The number as a person writes it in a message: `2` and not `2.0`, and `nan` whatever its sign.
    package var plainText: String {
        if isNaN { return "nan" }
        return Int64(exactly: self).map { "\($0)" } ?? "\(self)"
    }
}
