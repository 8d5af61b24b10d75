extension VastError {
    /// What a failure of the transport means to the caller.
    init(_ failure: TransportError, endpoint: Endpoint, url: ServiceURL) {
        let advice: String? =
            switch failure.kind {
            case .unknownHost where failure.concernsProxy, .notConnected where failure.concernsProxy:
                "is it the right proxy, and is it up?"
            case .unknownHost: "check the address and the network"
            case .notConnected: "is \(url) the right service, and is it up?"
            case .insecure, .misconfigured, .invalidRequest: nil
            case .broken, .timedOut, .tooLarge, .garbled: "\(url)"
            }
        self.init(
            Self.kind(failure.kind), [failure.detail, advice].compactMap(\.self).joined(separator: "; "),
            instance: endpoint.change?.onlyInstance, request: endpoint.name,
            effect: endpoint.change == nil || failure.wasNotSent ? .none : .unknown, cause: failure)
    }

    private static func kind(_ kind: TransportError.Kind) -> Kind {
        switch kind {
        case .timedOut: .timeout
        case .tooLarge: .server
        case .invalidRequest: .invalidArgument
        case .unknownHost, .notConnected, .insecure, .broken, .garbled, .misconfigured: .network
        }
    }
}
