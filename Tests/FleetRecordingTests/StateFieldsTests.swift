import FleetRules
import Foundation
import Testing
import VastJSON
import VastModels

@testable import FleetRecording

/// What a recording says of a state is what a row of the service would say.
@Suite("States in recordings") struct StateFieldsTests {
    private func instance(_ row: JSONObject) throws -> Instance {
        let text = try JSONValue.object(row).serialized()
        return try #require(Instance(row: try JSONDocument(parsing: text).root, observedAt: Date(timeIntervalSince1970: 1.7e9)))
    }

    @Test("every state comes back from its fields", arguments: InstanceState.allCases)
    func states(state: InstanceState) throws {
        var row = state.statusFields
        row["id"] = 1
        #expect(try instance(row).state == state)
        #expect(RecordedFields.scrubbed(try instance(row).row) == row)
    }

    @Test("a sample of the history comes back as it was", arguments: InstanceState.allCases)
    func samples(state: InstanceState) throws {
        let sample = Sample(
            time: 1.7e9, state: state, gpuUtilization: 0.5, gpuTemperature: 41.5, cpuUtilization: 0.125, memoryUsage: 15.25, diskUsage: 9,
            networkUp: 100.5, networkDown: 200, rate: 0.7321, gpuCount: 2)
        let reading = RecordedReading(time: 1.7e9, samples: [(12, sample)])
        #expect(!reading.isComplete)
        #expect(Sample(try instance(try #require(reading.rows.first))) == sample)
        let empty = Sample(time: 1.7e9, state: state)
        #expect(Sample(try instance(try #require(RecordedReading(time: 1.7e9, samples: [(12, empty)]).rows.first))) == empty)
    }

    @Test("a rate of the history is that of the state it was read in")
    func rates() throws {
        func row(_ state: InstanceState) throws -> Instance {
            let reading = RecordedReading(time: 1.7e9, samples: [(12, Sample(time: 1.7e9, state: state, rate: 0.5))])
            return try instance(try #require(reading.rows.first))
        }
        #expect(try row(.running).rateOn?.rawValue == 0.5 && row(.running).rateOff == nil)
        #expect(try row(.stopped).rateOff?.rawValue == 0.5 && row(.stopped).rateOn == nil)
    }
}
