import Testing

@testable import VastLua

@Suite("Notices that could not be sent") struct NotifierTests {
    @Test("are kept for another try, the latest hundred of them")
    func bounded() throws {
        let notifier = Notifier(kept: nil)
        let target = try NoticeTarget(url: "http://127.0.0.1:9/nobody", kind: nil)
        for number in 0..<5_000 { notifier.noteFailed(Notification(title: "", text: "\(number)", time: Double(number)), to: target) }
        let pending = notifier.takePending()
        #expect(pending.map(\.notice.text) == (4_900..<5_000).map { "\($0)" })
        #expect(notifier.takePending().isEmpty)
    }
}
