extension Int64 {
    /// An id that is free: one more than the highest, or the smallest one where no number comes after that.
    static func free(above highest: Int64, isTaken: (Int64) -> Bool) -> Int64 {
        if highest < .max { return highest + 1 }
        return (1...Int64.max).first { !isTaken($0) } ?? highest
    }
}
