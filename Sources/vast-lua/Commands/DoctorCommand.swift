import ArgumentParser
import FleetClock
import Logging
import VastJSON

/// `vast-lua doctor`: whether everything that a script needs is there.
struct DoctorCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua doctor",
        abstract: "Checks key, service, permissions, clock and state directory; changes nothing.",
        discussion: """
            Ends with 0 when all is well, 4 when the key is missing or may not read, 5 when the service cannot be reached, \
            1 for anything else.
            """)

    @Option(help: "Another server than VAST_URL or https://console.vast.ai.") var url: String?
    @Flag(help: "Send the key over plain http to other machines too.") var insecure = false
    @Flag(help: "Check the embedded simulated service instead.") var simulator = false
    @Flag(help: "Print JSON.") var json = false

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let simulator = try simulator ? EmbeddedSimulator(try SimulatorChoice(""), speed: 1, seed: nil, environment) : nil
        let connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: url, isInsecure: insecure, clock: SystemClock(),
                logger: Logger(label: "doctor", factory: { _ in SwiftLogNoOpLogHandler() }), seed: .random(in: .min ... .max),
                patience: .seconds(10)),
            simulator: simulator)
        let findings = Examination(connection, environment, clock: SystemClock(), isSimulated: simulator != nil).run()
        connection.close()
        StandardOutput.write(json ? try Self.json(findings) : findings.map(\.line).joined(separator: "\n"))
        return .strongest(of: findings.map(\.code))
    }

    private static func json(_ findings: [Finding]) throws -> String {
        let checks = findings.map { finding -> JSONValue in
            ["name": .string(finding.name), "status": .string(finding.status.rawValue), "detail": .string(finding.detail)]
        }
        let isWell = findings.allSatisfy { $0.code == .done }
        let bytes = try JSONValue.object(["ok": .bool(isWell), "checks": .array(checks)]).serialized()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What one check of the doctor has found.
struct Finding {
    enum Status: String {
        case ok, warning, failed
        /// It could not be tried.
        case skipped
    }

    let name: String
    let status: Status
    let detail: String
    /// What the process ends with because of it.
    var code = ExitCode.done

    /// One line for a person.
    var line: String {
        let columns = [status.rawValue, name].map { $0 + String(repeating: " ", count: max(1, 12 - $0.count)) }
        return columns.joined() + detail
    }
}
