import FleetSafety
import Testing
import VastAPI

@Suite("The last line of a run") struct RunReportTests {
    private func line(_ name: String) -> String {
        let change = ChangeRecord(id: 12, verb: .label, name: name, status: .failed(kind: "forbidden", message: "no"))
        return RunReport(changes: [change], bill: .init(), length: .seconds(1), waited: .zero).line ?? ""
    }

    @Test("long labels are cut, and control characters in them are shown as question marks")
    func labels() {
        #expect(line("train-a").contains("(12 train-a: forbidden)"))
        let long = line(String(repeating: "é", count: 1_024))
        #expect(long.count < 120 && long.contains("…: forbidden"), "\(long)")
        #expect(line("a\u{1B}[31m\u{202E}").contains("12 a?[31m?: forbidden"))
    }
}
