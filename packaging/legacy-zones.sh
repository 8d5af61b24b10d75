#!/bin/sh
# usage: packaging/legacy-zones.sh TZDATA.ZI > Sources/FleetCalendar/Zones/LegacyZones.swift
#
# Makes the table of names that IANA keeps for the sake of old configurations (its file `backward`). TZDATA.ZI is the file of
# that name of a release of the main data form (https://www.iana.org/time-zones; the package tzdata of PyPI has it as well), not
# Debian's: that one is made with `backzone`, in which many links are zones of their own.
set -eu
version=$(sed -n '1s/^# version //p' "$1")
test -n "$version"
cat <<END
/// The names that IANA keeps for the sake of old configurations, with those of today: all links of the time zone database,
/// release $version. Systems may leave these files out (Debian since 13: package tzdata-legacy).
///
/// Made by \`packaging/legacy-zones.sh\`; the data are in the public domain.
enum LegacyZones {
    /// The release that the table was made from.
    static let version = "$version"

    /// What a name is called today; nil when it is none of them.
    static func current(_ name: String) -> String? { links[name] }

    static var names: some Sequence<String> { links.keys }

    private static let links: [String: String] = [
END
LC_ALL=C awk '$1 == "L" { print $3, $2 }' "$1" | LC_ALL=C sort | awk '
    { key[NR] = $1; target[$1] = $2 }
    END {
        for (i = 1; i <= NR; i++) {
            name = target[key[i]]
            # A link may lead to another one.
            while (name in target) name = target[name]
            printf "        \"%s\": \"%s\"%s\n", key[i], name, i < NR ? "," : ""
        }
    }'
cat <<END
    ]
}
END
