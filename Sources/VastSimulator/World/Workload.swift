#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// What runs on an instance, seen from outside: it decides the utilisation, heat and load that the instance reports.
package struct Workload: Sendable, Equatable {
    /// What an instance does, seen from outside.
    package enum Kind: String, Sendable, CaseIterable {
        /// Busy nearly all the time; short dips while data are loaded or a checkpoint is written.
        case training
        /// Nothing runs; now and then a blip of one or two percent.
        case idle
        /// Bursts of requests with quiet gaps of up to half an hour between them.
        case serving
        /// A kernel that hangs: 97 % for ever, though nothing happens.
        case stuck
        /// Training, with spells in which utilisation and temperature are null.
        case nullSpells = "null_spells"
        /// Training that is reported as exactly 0.0 although the card is hot and the processor busy.
        case falseZeros = "false_zeros"
        /// Training whose utilisation is never reported.
        case silent
    }

    /// What it does until ``until``.
    package var kind: Kind
    /// When the work is done and the instance idles from then on; nil when it never is.
    package var until: Date?

    /// - Parameter until: when the work is done and the instance idles from then on; nil when it never is.
    package init(_ kind: Kind, until: Date? = nil) {
        self.kind = kind
        self.until = until
    }

    /// What the instance reports.
    ///
    /// - Parameters:
    ///   - now: the virtual time.
    ///   - step: the number of the reporting interval; readings change from one to the next.
    func reading(at now: Date, step: Int64, noise: Noise) -> Reading {
        if let until, now >= until { return .idle(step, noise) }
        return switch kind {
        case .idle: .idle(step, noise)
        case .training: .training(step, noise)
        case .serving: .serving(now, step, noise)
        case .stuck: Reading(gpu: 97, celsius: noise.value(in: 58...60, step), cpu: 0.01, memory: 0.35)
        case .nullSpells: .nullSpells(now, step, noise)
        case .falseZeros: .falseZeros(step, noise)
        case .silent: .silent(step, noise)
        }
    }
}

/// One report of an instance about itself. Percent for the GPU, degrees Celsius, fractions for processor and memory.
struct Reading: Sendable, Equatable {
    var gpu: Double?
    var celsius: Double?
    var cpu: Double?
    var memory: Double?
}

extension Reading {
    fileprivate static func idle(_ step: Int64, _ noise: Noise) -> Reading {
        let blip = noise.unit(step, 1) < 0.02 ? noise.value(in: 0.5...2, step, 2) : 0
        return Reading(
            gpu: blip.rounded(digits: 1), celsius: noise.value(in: 30...36, step / 10, 3).rounded(digits: 1),
            cpu: noise.value(in: 0...0.015, step, 4).rounded(digits: 4), memory: 0.05)
    }

    fileprivate static func training(_ step: Int64, _ noise: Noise) -> Reading {
        let dips = noise.unit(step, 5) < 0.04
        let gpu = dips ? noise.value(in: 0...30, step, 6) : noise.value(in: 88...100, step, 6)
        return Reading(
            gpu: gpu.rounded(digits: 1), celsius: noise.value(in: 62...74, step / 5, 7).rounded(digits: 1),
            cpu: noise.value(in: 0.08...0.4, step, 8).rounded(digits: 4), memory: 0.42)
    }

    fileprivate static func serving(_ now: Date, _ step: Int64, _ noise: Noise) -> Reading {
        // A gap is a quarter of an hour at most: of two neighbouring blocks only one may be quiet.
        let block = Int64((now.timeIntervalSince1970 / 900).rounded(.down))
        let mayBeQuiet = block % 2 == (noise.unit(0, 17) < 0.5 ? 0 : 1)
        guard !mayBeQuiet || noise.unit(block, 9) > 0.8 else {
            return Reading(
                gpu: 0, celsius: noise.value(in: 41...47, step / 5, 10).rounded(digits: 1),
                cpu: noise.value(in: 0.01...0.04, step, 11).rounded(digits: 4), memory: 0.3)
        }
        let gpu = noise.unit(step, 12) < 0.35 ? 0 : noise.value(in: 10...85, step, 13)
        return Reading(
            gpu: gpu.rounded(digits: 1), celsius: noise.value(in: 48...61, step / 5, 14).rounded(digits: 1),
            cpu: noise.value(in: 0.05...0.3, step, 15).rounded(digits: 4), memory: 0.33)
    }

    fileprivate static func nullSpells(_ now: Date, _ step: Int64, _ noise: Noise) -> Reading {
        var reading = training(step, noise)
        let block = Int64((now.timeIntervalSince1970 / 600).rounded(.down))
        if noise.unit(block, 16) < 0.4 {
            reading.gpu = nil
            reading.celsius = nil
        }
        return reading
    }

    fileprivate static func falseZeros(_ step: Int64, _ noise: Noise) -> Reading {
        var reading = training(step, noise)
        reading.gpu = 0
        return reading
    }

    fileprivate static func silent(_ step: Int64, _ noise: Noise) -> Reading {
        var reading = training(step, noise)
        reading.gpu = nil
        return reading
    }
}
