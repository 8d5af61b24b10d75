import Testing
import VastAPI
import VastLua

struct EndingTests {
    @Test("accepted changes are confirmed together at the end, and one line says what they do to the bill")
    func confirmed() async throws {
        let (ending, fleet) = try await run(
            "vast.stop(vast.instances{id = {12, 13}}) vast.label(14, 'x') vast.instances()",
            on: [FakeFleet.row(12), FakeFleet.row(13), FakeFleet.row(14)])
        #expect(!ending.hasOpenChanges)
        #expect(ending.report?.contains("stopped 2 (confirmed), labelled 1 (confirmed)") == true, "\(ending.report ?? "")")
        #expect(fleet.orders.count == 2)
    }

    @Test("the bill before and after is that of the whole fleet")
    func bill() async throws {
        let (ending, _) = try await run(
            "vast.stop(vast.instances()[1])", on: [FakeFleet.row(12), FakeFleet.row(13)])
        #expect(ending.report?.contains("$2.50/h -> $1.50/h") == true, "\(ending.report ?? "")")
    }

    @Test("a bill that was never read before the first change is not made up")
    func unknownBill() async throws {
        let (ending, _) = try await run("vast.stop(12)", on: [FakeFleet.row(12), FakeFleet.row(13)])
        #expect(ending.report?.hasPrefix("stopped 1 (confirmed); now $1.50/h; ") == true, "\(ending.report ?? "")")
    }

    @Test("a stop that the fleet never shows is still billing, and leaves the run open")
    func unconfirmed() async throws {
        let (ending, _) = try await run("vast.stop(vast.instance(12))") { $0.state.withLock { $0.ignores = [12] } }
        #expect(ending.hasOpenChanges)
        #expect(ending.report?.contains("STILL BILLING $1.25/h: stop of 12 accepted, not seen after 2m") == true)
    }

    @Test("without waiting at the end nothing is read, and nothing is confirmed")
    func noWait() async throws {
        let (ending, fleet) = try await run("vast.stop(12)", options: Runtime.Options(confirm: .zero))
        #expect(ending.hasOpenChanges)
        #expect(fleet.readings == 0)
    }

    @Test("a reading that fails at the end is tried again until time is up")
    func failingReadings() async throws {
        let (ending, _) = try await run("vast.stop(12)") { fleet in
            let failure = VastError(.network, "connection refused")
            fleet.state.withLock { $0.readingFailures = [failure, failure, nil] }
        }
        #expect(!ending.hasOpenChanges)
    }

    @Test("a run that changes nothing says nothing")
    func silent() async throws {
        let (ending, _) = try await run("return #vast.instances()")
        #expect(ending.report == nil)
        #expect(ending.values == [1])
    }

    @Test("a failed change is reported with its kind")
    func failed() async throws {
        let (ending, _) = try await run("pcall(vast.stop, 99)")
        #expect(ending.report?.contains("1 stop failed (99: not_found)") == true, "\(ending.report ?? "")")
        #expect(ending.hasOpenChanges)
    }

    @Test(
        "a change that was on its way when the script was interrupted is confirmed or reported, never forgotten", arguments: [true, false])
    func interrupted(arrives: Bool) async throws {
        let (ending, _) = try await run("vast.stop(vast.instance(12))") { fleet in
            fleet.state.withLock { state in
                state.beforeAnswer = { throw CancellationError() }
                if !arrives { state.ignores = [12] }
            }
        }
        #expect(ending.kind == "cancelled")
        #expect(ending.hasOpenChanges == !arrives)
        #expect(ending.report?.contains(arrives ? "stopped 1 (confirmed)" : "sent, outcome unknown") == true, "\(ending.report ?? "")")
    }
}
