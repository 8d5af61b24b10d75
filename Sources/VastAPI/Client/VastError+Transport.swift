extension VastError {
    /// What a failure of the transport means to the caller.
    init(_ failure: TransportError, endpoint: Endpoint, url: ServiceURL) {
        let kind: Kind = failure.kind == .timedOut ? .timeout : failure.kind == .tooLarge ? .server : .network
        let advice =
            switch failure.kind {
            case .unknownHost: "check the address and the network"
            case .notConnected: "is \(url) the right service, and is it up?"
            case .insecure: "the server could not prove that it is \(url.host)"
            case .broken, .timedOut, .tooLarge, .garbled: "\(url)"
            }
        self.init(
            kind, "\(failure.detail); \(advice)",
            instance: endpoint.change?.onlyInstance, request: endpoint.name,
            effect: endpoint.change == nil || failure.wasNotSent ? .none : .unknown, cause: failure)
    }
}
