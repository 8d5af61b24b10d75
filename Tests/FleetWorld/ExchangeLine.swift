internal import FleetClock
internal import VastAPI

/// What the trace says of one exchange.
struct ExchangeLine: Sendable {
    let number: Int
    let began: Duration
    let request: HTTPRequest

    func text(_ outcome: String, ended: Duration, fault: ExchangeFault?) -> String {
        let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
        let struck = fault.map { " [\($0.name)]" } ?? ""
        return
            "\(began.seconds) #\(number) \(request.method.rawValue) \(request.orderedTarget)\(body)\(struck) -> \(outcome) @\(ended.seconds)"
    }
}

extension HTTPRequest {
    /// Path and query, with the ids of a filter in ascending order: which order they have means nothing, and the client
    /// takes them from a set.
    var orderedTarget: String {
        let target = target
        guard let open = target.firstRange(of: "%22in%22%3A%5B"),
            let close = target[open.upperBound...].firstRange(of: "%5D")
        else { return target }
        let ids = target[open.upperBound..<close.lowerBound].split(separator: "%2C").sorted {
            (Int64($0) ?? 0, String($0)) < (Int64($1) ?? 0, String($1))
        }
        return target[..<open.upperBound] + ids.joined(separator: "%2C") + target[close.lowerBound...]
    }

    /// Path and query.
    var target: String {
        guard let scheme = url.firstRange(of: "://"),
            let slash = url[scheme.upperBound...].firstIndex(of: "/")
        else { return url }
        return String(url[slash...])
    }
}
