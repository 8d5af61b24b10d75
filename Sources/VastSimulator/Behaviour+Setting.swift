extension Behaviour {
    /// A choice that does not exist, or a value that it cannot have.
    package struct UnknownSetting: Error, CustomStringConvertible {
        package let description: String
    }

    /// The names that ``set(_:to:)`` knows, in alphabetical order.
    package static var names: [String] { choices.keys.sorted() }

    /// Makes a choice by its name.
    ///
    /// - Parameters:
    ///   - name: one of ``names``.
    ///   - value: one of the texts of that choice, `true` or `false`, or a number of seconds.
    /// - Throws: ``UnknownSetting`` with the names or values there are.
    package mutating func set(_ name: String, to value: String) throws(UnknownSetting) {
        guard let choice = Self.choices[name] else {
            throw UnknownSetting(description: "no behaviour \"\(name)\"; there are \(Self.names.joined(separator: ", "))")
        }
        if let wanted = choice(&self, value) {
            throw UnknownSetting(description: "behaviour \(name) is \(wanted), not \"\(value)\"")
        }
    }

    /// Sets the value; returns what it must be when it cannot be that.
    private typealias Choice = @Sendable (inout Behaviour, String) -> String?

    private static let choices: [String: Choice] = [
        "bulk_failure": choice { $0.bulkFailure = $1 },
        "bulk_over_limit": choice { $0.bulkOverLimit = $1 },
        "bulk_routes": flag { $0.bulkRoutes = $1 },
        "empty_label": choice { $0.emptyLabel = $1 },
        "invalid_state": choice { $0.invalidState = $1 },
        "min_bid": choice { $0.minBid = $1 },
        "missing_on_destroy": choice { $0.missingOnDestroy = $1 },
        "missing_on_show": choice { $0.missingOnShow = $1 },
        "offline_filter": flag { $0.offlineFilter = $1 },
        "old_list": choice { $0.oldList = $1 },
        "outbid_intended": choice { $0.outbidIntended = $1 },
        "queued_start": choice { $0.queuedStart = $1 },
        "queued_start_delay": { behaviour, value in
            guard let seconds = Double(value), seconds >= 0, seconds.isFinite else { return "a number of seconds" }
            behaviour.queuedStartDelay = seconds
            return nil
        },
        "raise_resumes": flag { $0.raiseResumes = $1 },
        "restart_stopped": choice { $0.restartStopped = $1 },
        "stale_utilisation": flag { $0.staleUtilisation = $1 },
        "start_route": flag { $0.startRoute = $1 },
        "starts_without_credit": flag { $0.startsWithoutCredit = $1 },
        "state_and_label": choice { $0.stateAndLabel = $1 },
        "state_filters": flag { $0.stateFilters = $1 },
        "stop_on_stopped": choice { $0.stopOnStopped = $1 },
        "stopped_status": choice { $0.stoppedStatus = $1 },
        "unknown_key": choice { $0.unknownKey = $1 },
        "user_shows_key": flag { $0.userShowsKey = $1 },
        "wrong_bulk_key": choice { $0.wrongBulkKey = $1 }
    ]

    private static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ assign: @escaping @Sendable (inout Behaviour, Value) -> Void
    ) -> Choice {
        { behaviour, text in
            guard let value = Value(rawValue: text) else { return Value.allCases.map(\.rawValue).joined(separator: " or ") }
            assign(&behaviour, value)
            return nil
        }
    }

    private static func flag(_ assign: @escaping @Sendable (inout Behaviour, Bool) -> Void) -> Choice {
        { behaviour, text in
            guard let value = Bool(text) else { return "true or false" }
            assign(&behaviour, value)
            return nil
        }
    }
}
