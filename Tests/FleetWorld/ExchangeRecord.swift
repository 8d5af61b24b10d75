internal import FleetClock
package import VastAPI
internal import VastJSON

/// What one exchange asked of the service, and whether it got there.
package struct ExchangeRecord: Sendable {
    package let number: Int
    package let method: HTTPMethod
    /// Without the query.
    package let path: String
    /// What it would change; nil for a read. A path that is none of the API's is a change of verb `other`.
    package let change: Change?
    package let fault: ExchangeFault?
    /// Whether the service has acted on it, in whatever way.
    package internal(set) var isReached = false

    init(_ number: Int, _ request: HTTPRequest, _ fault: ExchangeFault?) {
        (self.number, self.fault, method) = (number, fault, request.method)
        let parts = request.target.split(separator: "?", maxSplits: 1)
        path = parts.first.map { String($0) } ?? ""
        let body = request.body.flatMap { try? JSONDocument(parsing: String(decoding: $0, as: UTF8.self)) }?.root.value
        do {
            change = try KnownRequest(
                request.method, path: path, query: parts.count > 1 ? ["query": .string(String(parts[1]))] : [:], body: body
            ).change
        } catch {
            change = request.method == .get ? nil : Change(.other, [])
        }
    }

    /// Whether the client got an answer, be it of somebody in between, or the service has acted.
    package var isAnswered: Bool {
        switch fault {
        case .status, .tooMany, .unauthorizedFromHere: true
        default: isReached
        }
    }

    /// Whether it is about an instance, and changes something.
    package func changes(_ id: InstanceID) -> Bool { change?.instances.contains(id) ?? false }
}
