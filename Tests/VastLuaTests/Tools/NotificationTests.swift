import Foundation
import LoopbackServer
import Testing
import VastAPI

@testable import VastLua

@Suite("vast.notify") struct NotificationTests {
    private func run(
        _ script: String, _ server: LoopbackServer? = nil, kind: String? = nil, _ place: StatePlace? = nil, isPlanning: Bool = false
    ) async throws -> JobRun {
        var options = Runtime.Options(isPlanning: isPlanning, jobMode: .once)
        options.notices = try server.map { try NoticeTarget(url: "\($0.url)/hook/s3cret", kind: kind) }
        options.noticePauses = [.zero, .zero]
        return try await runJobs(script, for: .seconds(1), options: options, memory: place?.memory).0
    }

    @Test(
        "each kind of service gets what it understands, and no label calls a channel",
        arguments: [
            ("slack", #"{"text":"vast-lua: a &lt;!channel&gt; &amp; b"}"#),
            ("discord", #"{"allowed_mentions":{"parse":[]},"content":"vast-lua: a <!channel> & b"}"#),
            ("ntfy", "a <!channel> & b"), ("json", #""text":"a <!channel> & b""#)
        ])
    func kinds(kind: String, body: String) async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("ok")) }
        defer { server.stop() }
        let run = try await run("out = {tostring(vast.notify('a <!channel> & b'))}", server, kind: kind)
        #expect(run.texts == ["true"])
        let sent = try #require(server.seen.first)
        #expect(sent.hasPrefix("POST /hook/s3cret "))
        if kind == "discord" {
            #expect(sent.contains(#""parse":[]"#) && sent.contains(#""content":"vast-lua: a <!channel> & b""#))
        } else {
            #expect(sent.contains(body))
        }
        if kind == "ntfy" { #expect(sent.contains("Title: vast-lua\r\n")) }
    }

    @Test("a host tells its kind")
    func hosts() throws {
        for (url, kind) in [
            ("https://hooks.slack.com/services/x", NoticeTarget.Kind.slack), ("https://discord.com/api/webhooks/1/x", .discord),
            ("https://ntfy.sh/topic", .ntfy), ("https://ntfy.example.org/topic", .ntfy), ("https://example.org/hook", .json)
        ] { #expect(try NoticeTarget(url: url).kind == kind) }
        #expect(throws: VastError.self) { try NoticeTarget(url: "https://example.org", kind: "fax") }
    }

    @Test("the same text is sent once in an hour, also by the next run; another text is sent")
    func once() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("ok")) }
        defer { server.stop() }
        let place = StatePlace()
        let script = "out = {tostring(vast.notify('a')), tostring(vast.notify('a')), tostring(vast.notify('b'))}"
        #expect(try await run(script, server, place).texts == ["true", "true", "true"])
        #expect(try await run(script + " vast.sleep('2h') vast.notify('a')", server, place).error == nil)
        #expect(server.seen.count == 3)
    }

    @Test("what fails is tried again, three times at once and once more at the end; it is nil and why, without the URL")
    func failing() async throws {
        let server = try LoopbackServer { _, number in
            .send(LoopbackServer.response("x", status: number < 4 ? "503 Unavailable" : "200 OK"))
        }
        defer { server.stop() }
        let run = try await run("local ok, why = vast.notify('a') out = {tostring(ok), why}", server)
        #expect(run.texts[0] == "nil" && run.texts[1].contains("127.0.0.1 answers 503"))
        #expect(server.seen.count == 4)
        #expect(!(run.texts + run.log).joined().contains("s3cret"))
        #expect(run.log.filter { $0.hasPrefix("error") } == [])
    }

    @Test("a refusal is not tried again at once, and nobody there is no error of the script")
    func refused() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("x", status: "403 Forbidden")) }
        defer { server.stop() }
        let run = try await run(
            "out = {tostring(vast.notify('a')), tostring(vast.notify('b', {url = 'http://127.0.0.1:1/s3cret'}))}", server)
        #expect(run.error == nil && run.texts == ["nil", "nil"])
        #expect(server.seen.count == 2)
        #expect(!run.log.joined().contains("s3cret"))
    }

    @Test("without a url nobody is told, and a dry run only says so")
    func silent() async throws {
        #expect(try await run("out = {select(2, vast.notify('a'))}").texts[0].contains("no notify.url in config.json"))
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("ok")) }
        defer { server.stop() }
        let run = try await run("out = {tostring(vast.notify('a'))}", server, isPlanning: true)
        #expect(run.texts == ["true"] && server.seen.isEmpty && run.logged("would notify 127.0.0.1: a") == 1)
    }
}
