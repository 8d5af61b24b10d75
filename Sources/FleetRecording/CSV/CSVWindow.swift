internal import HeapModule

/// Whether records come in the order of their times when so many of them are held back: lines of many instances, each a little
/// late, do.
struct CSVWindow {
    private let size: Int
    private var times = Heap<Double>()
    private var isBroken = false

    /// - Parameter size: how many records are held back.
    init(_ size: Int) { self.size = size }

    /// Whether that has been enough so far.
    var isEnough: Bool { !isBroken }

    /// Takes the time of the next record.
    mutating func add(_ time: Double) {
        guard !isBroken else { return }
        if times.count == size, let first = times.popMin(), time < first {
            isBroken = true
            times = Heap()
            return
        }
        times.insert(time)
    }
}
