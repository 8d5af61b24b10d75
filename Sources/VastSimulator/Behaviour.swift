/// What the API contract leaves open: one choice for each, so that a client can be tried against all of them.
///
/// Every choice has a name and text values, so that a command line or a test in another language can set it; see
/// ``set(_:to:)``.
package struct Behaviour: Sendable, Equatable {
    /// What a bulk change does when some of its ids cannot be changed.
    package enum BulkFailure: String, Sendable, CaseIterable {
        /// Changes the others and answers `success: false` with the ids that failed.
        case partial
        /// Changes the others and answers `success: true`.
        case silent
        /// Changes nothing and answers with the first failure.
        case nothing
    }
    /// Whether something is done, or refused with an error.
    package enum Allowance: String, Sendable, CaseIterable { case success, refused }
    /// What the row of an instance says whose label was set to nothing.
    package enum EmptyLabel: String, Sendable, CaseIterable { case null, empty }
    /// What counts when one body has a state and a label.
    package enum StateAndLabel: String, Sendable, CaseIterable { case state, label, both, refused }
    /// How a key is answered that the service does not know.
    package enum UnknownKey: String, Sendable, CaseIterable {
        /// 404 on instance and offer routes, 401 elsewhere.
        case byRoute = "by_route"
        case unauthorized = "401"
        case notFound = "404"
    }
    /// How the list route of version 0 answers, which has been taken away.
    package enum OldList: String, Sendable, CaseIterable {
        case gone = "410"
        /// The whole list, as before.
        case list = "200"
        /// The body of the 410 with status 200, as one report has it.
        case goneWith200 = "410_as_200"
    }
    /// How a single read answers for an instance that is not there.
    package enum MissingOnShow: String, Sendable, CaseIterable { case null, notFound = "404" }
    /// The word for a container that has ended.
    package enum StoppedStatus: String, Sendable, CaseIterable { case exited, stopped }
    /// What becomes of a start that was refused because the GPUs are taken.
    package enum QueuedStart: String, Sendable, CaseIterable {
        /// It is carried out after ``Behaviour/queuedStartDelay``, and bills.
        case fires
        /// It is forgotten after that time.
        case reverts
        /// It waits until the other renter gives the GPUs back.
        case waits
    }
    /// Which error a destroy gets for an instance that is not there.
    package enum MissingOnDestroy: String, Sendable, CaseIterable { case noSuchInstance = "no_such_instance", notFound = "not_found" }
    /// What `intended_status` becomes when an interruptible instance loses its priority.
    package enum OutbidIntended: String, Sendable, CaseIterable {
        /// It goes to `stopped` in seconds, and the container ends some seconds later.
        case stopped
        /// It stays, and everything else happens at once.
        case running
    }
    /// What `min_bid` is in the row of an interruptible instance.
    package enum MinBid: String, Sendable, CaseIterable {
        /// The own bid, three decimals, and up to a quarter of an hour old.
        case echo
        /// The price to beat.
        case floor
        /// The price to beat, or 1.2 times the own bid if that is more.
        case max
    }

    /// What a bulk change does when some of its ids cannot be changed.
    package var bulkFailure = BulkFailure.partial
    /// More than 64 ids in one bulk request.
    package var bulkOverLimit = Allowance.refused
    /// The other verb's key in a bulk body: `instance_ids` in a PUT, `ids` in a DELETE.
    package var wrongBulkKey = Allowance.refused
    /// Whether the bulk routes exist at all; without them they answer 404.
    package var bulkRoutes = true
    /// Whether `POST /api/v0/instances/start` exists.
    package var startRoute = false
    /// A stop of what is wanted off already.
    package var stopOnStopped = Allowance.success
    /// A reboot or recycle of what is not running.
    package var restartStopped = Allowance.success
    /// What an empty label becomes in the row.
    package var emptyLabel = EmptyLabel.null
    /// What counts when one body has both.
    package var stateAndLabel = StateAndLabel.state
    /// A `state` that is neither `stopped` nor `running`.
    package var invalidState = Allowance.refused
    /// The answer to a key that nobody knows.
    package var unknownKey = UnknownKey.byRoute
    /// The answer of the list route of version 0.
    package var oldList = OldList.gone
    /// The answer to a single read of what is not there.
    package var missingOnShow = MissingOnShow.null
    /// What `actual_status` is of a container that has ended.
    package var stoppedStatus = StoppedStatus.exited
    /// What becomes of a start whose GPUs are taken.
    package var queuedStart = QueuedStart.fires
    /// How long a queued start waits, in seconds.
    package var queuedStartDelay = 120.0
    /// The error of a destroy of what is not there.
    package var missingOnDestroy = MissingOnDestroy.noSuchInstance
    /// What `intended_status` becomes of an instance that is outbid.
    package var outbidIntended = OutbidIntended.stopped
    /// What `min_bid` is in a row.
    package var minBid = MinBid.echo
    /// Whether a raise above the price to beat starts what was stopped for its bid; without it a start has to follow.
    package var raiseResumes = false
    /// Whether instances start, and go on, without credit.
    package var startsWithoutCredit = false
    /// Whether `intended_status` and `cur_state` may be filtered on.
    package var stateFilters = true
    /// Whether a filter on `actual_status` sees `offline`, which is computed, rather than the stored word.
    package var offlineFilter = false
    /// Whether the user object holds the key itself, as it was once seen to.
    package var userShowsKey = false
    /// Whether a row reports its last utilisation when it is stopped, rather than null.
    package var staleUtilisation = false

    /// The defaults that stand at each choice.
    package init() {}
}
