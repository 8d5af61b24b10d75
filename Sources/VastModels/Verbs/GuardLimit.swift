/// A number that bounds what scripts may change; the raw value is its name in `vast.guard`.
package enum GuardLimit: String, Sendable, CaseIterable {
    case maxStops = "max_stops"
    case maxStarts = "max_starts"
    case maxLabels = "max_labels"
    case maxReboots = "max_reboots"
    case maxRecycles = "max_recycles"
    case maxDestroys = "max_destroys"
    /// Changes of every kind together.
    case maxChanges = "max_changes"
    /// Instances interrupted, as a part of those that are on: 0 to 1.
    case maxFraction = "max_fraction"
    /// What starts may add to the bill, in $/h.
    case maxRateAdded = "max_rate_added"
    /// What the instances cost that are interrupted, in $/h.
    case maxRateInterrupted = "max_rate_interrupted"
    case maxGPUsInterrupted = "max_gpus_interrupted"
    /// Instances that stay on.
    case keepAtLeast = "keep_at_least"

    /// Of two values, the one that allows less.
    package func stricter(_ left: Double, _ right: Double) -> Double {
        self == .keepAtLeast ? max(left, right) : min(left, right)
    }
}

/// Something that is not done at all unless it is allowed; the raw value is its name in `vast.guard`.
package enum GuardPermission: String, Sendable, CaseIterable {
    case allowDestroy = "allow_destroy"
    case allowRecycle = "allow_recycle"
    /// Writing requests that vast-lua has no name for.
    case allowRaw = "allow_raw"
}
