import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastAPI

@Suite("Numbers that the service sends")
struct ForeignNumberTests {
    static let numbers = [
        "1e308", "-1e308", "1e19", "-1e19", "9.3e18", "-9.3e18", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551615", "1e30", "1.7e20", "1e-320", "-0", "-0.0", "\"NaN\"", "-1", "null", "1e12", "[1]", "true"
    ]
    static let fields = [
        "start_date", "end_date", "num_gpus", "gpu_util", "gpu_temp", "cpu_util", "disk_usage", "disk_space", "disk_util", "machine_id",
        "dph_total", "storage_total_cost"
    ]

    @Test("make a row that can be used, whatever field they are in: 294 rows")
    func rows() throws {
        var count = 0
        for field in Self.fields {
            for number in Self.numbers { try use(#"{"id":1,"actual_status":"running","\#(field)":\#(number)}"#, &count) }
        }
        for group in ["instance", "search"] {
            for number in Self.numbers { try use(#"{"id":1,"\#(group)":{"totalHour":\#(number),"diskHour":\#(number)}}"#, &count) }
        }
        #expect(count == 294)
    }

    private func use(_ row: String, _ count: inout Int) throws {
        count += 1
        let date = Date(timeIntervalSince1970: 1_795_163_611)
        let instance = try #require(Instance(row: try JSONDocument(parsing: row).root, observedAt: date), "\(row)")
        #expect(instance.description.hasPrefix("1"))
        for length in [instance.age(), instance.endsIn(), instance.age(at: .distantPast), instance.endsIn(at: .distantFuture)] {
            if let length { #expect(abs(length.seconds) <= 1e12, "\(row)") }
        }
        for rate in [instance.rate, instance.rateOn, instance.rateOff] {
            if let rate { #expect((0...1_000_000).contains(rate.rawValue) && rate.description.hasPrefix("$"), "\(row)") }
        }
        for end in [instance.startDate, instance.endDate] {
            if let end { #expect(Date.clampedUnixSeconds.contains(end.timeIntervalSince1970), "\(row)") }
        }
        if let gpus = instance.gpuCount { #expect((0...1_000_000).contains(gpus), "\(row)") }
    }

    @Test("are no id unless they are a whole number of 64 bits")
    func ids() throws {
        for number in Self.numbers {
            let instance = Instance(row: try JSONDocument(parsing: #"{"id":\#(number)}"#).root, observedAt: .now)
            let isWhole = ["9223372036854775807", "-9223372036854775808", "-0", "-0.0", "-1", "1e12"].contains(number)
            #expect((instance != nil) == isWhole, "\(number)")
        }
    }

    @Test("make an account, a page and a refusal that can be used: 84 answers")
    func answers() throws {
        var count = 0
        for number in Self.numbers {
            let user = User(json: try JSONDocument(parsing: #"{"id":7,"credit":\#(number)}"#).root)
            if let credit = user?.credit { #expect(Dollars.text(credit).hasPrefix("$") || credit < 0) }
            for header in [number, "-\(number)", "\(number).5"] {
                if let wait = RateLimitNotice.retryAfter(header, now: .now) { #expect(wait >= .zero && wait <= .seconds(86_400)) }
                count += 1
            }
            count += 1
        }
        #expect(count == 84)
    }

    @Test("in a list make no answer that traps: 84 pages")
    func pages() async throws {
        var count = 0
        for field in ["total_instances", "label_counts", "instances_found", "next_token"] {
            for number in Self.numbers {
                let value = field == "label_counts" ? #"{"a":\#(number)}"# : number
                let client = try makeClient(
                    OneAnswer(#"{"instances":[{"id":1}],"\#(field)":\#(value)}"#), clock: VirtualClock(mode: .jumping), pacing: .unpaced)
                let snapshot = try? await client.list(.all)
                #expect(snapshot == nil || snapshot?.instances.count == 1)
                count += 1
            }
        }
        #expect(count == 84)
    }
}

/// Always says the same.
private struct OneAnswer: HTTPTransport {
    let body: String
    init(_ body: String) { self.body = body }
    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse { HTTPResponse(status: 200, body: Array(body.utf8)) }
    func shutdown() async {}
}
