/// One request on its way: how often it was sent and what became of that.
struct RequestState {
    let endpoint: Endpoint
    var startedAt: Duration
    /// How long it is repeated, waits included.
    var patience: Duration
    var attempts = 0
    var failures = 0
    var redirects = 0
    var hasLostAnswer = false
    var sentAt: Duration = .zero
    /// What the service has answered last.
    var lastStatus: Int?
    /// When it left for the first time.
    var firstSentAt: Duration?
    var location: ServiceTarget?
    var hasSucceeded = false
    /// Tells when it takes long; nil: nobody wants to know.
    var watch: RequestWatch?

    init(_ endpoint: Endpoint, startedAt: Duration, patience: Duration) {
        (self.endpoint, self.startedAt, self.patience) = (endpoint, startedAt, patience)
    }

    /// When it is given up, on the clock's uptime.
    var deadline: Duration { startedAt + patience }
}
