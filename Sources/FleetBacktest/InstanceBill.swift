/// What an instance costs and does in both worlds: as recorded, and as the script leaves it.
package struct InstanceBill: Sendable, Equatable {
    /// Dollars of the hours that are known in both worlds: with the script, and as recorded.
    package var with = 0.0, without = 0.0
    /// Hours for which the instance was off that is recorded to be on.
    package var hoursOff = 0.0
    /// GPU hours of recorded work that could not have been done, and what they cost as recorded, in dollars.
    package var interruptedHours = 0.0, interruptedCost = 0.0
    /// How often its owner had to start it again, and how often that was within half an hour.
    package var restartsNeeded = 0, regretted = 0
    /// Hours of which the record does not tell what the instance did or cost.
    package var unknownHours = 0.0

    /// Nothing has happened yet.
    package init() {}

    /// Dollars that the script saves.
    package var saved: Double { without - with }

    /// Both together.
    static func + (left: InstanceBill, right: InstanceBill) -> InstanceBill {
        var sum = left
        sum.with += right.with
        sum.without += right.without
        sum.hoursOff += right.hoursOff
        sum.interruptedHours += right.interruptedHours
        sum.interruptedCost += right.interruptedCost
        sum.restartsNeeded += right.restartsNeeded
        sum.regretted += right.regretted
        sum.unknownHours += right.unknownHours
        return sum
    }
}
