#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What a server's certificate says of itself.
struct CertificateFacts: Sendable {
    let issuer: String
    let subject: String
    let isSelfIssued: Bool
    let validFrom: Date
    let validUntil: Date
    /// The names of hosts that it is for, addresses included.
    let hosts: [String]
}

/// Why a certificate is not believed, in one sentence. Pure.
struct CertificateProblem {
    let facts: CertificateFacts
    let host: String
    /// Whether all is well with it but that it is not for this host.
    let isOfAnotherHost: Bool
    let now: Date

    var description: String {
        if isOfAnotherHost, IPAddress(host) != nil, facts.hosts.contains(host) {
            return "the certificate is not for \(host) but for a name that is written like it; an address has to stand in it as one "
                + "(subjectAltName IP:\(host))"
        }
        if isOfAnotherHost { return "the certificate is not for \(host) but for \(names); is it the right address?" }
        if now > facts.validUntil {
            return "the certificate of \(host) has expired on \(Self.day(facts.validUntil)); it has to be renewed there, or this machine's "
                + "clock is wrong"
        }
        if now < facts.validFrom {
            return "the certificate of \(host) is not valid before \(Self.day(facts.validFrom)); is this machine's clock right?"
        }
        if facts.isSelfIssued {
            return "the certificate of \(host) is self-signed (\(facts.subject)); if it is yours, let SSL_CERT_FILE name its file"
        }
        return
            "the certificate of \(host) is from an issuer that is not known here: \(facts.issuer); if a proxy or a company puts it there, "
            + "let SSL_CERT_FILE name a file with that issuer's certificate"
    }

    private var names: String {
        guard !facts.hosts.isEmpty else { return "\(facts.subject), without any host" }
        let more = facts.hosts.count > 5 ? " and \(facts.hosts.count - 5) more" : ""
        return facts.hosts.prefix(5).joined(separator: ", ") + more
    }

    /// The day of an instant in UTC.
    private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
