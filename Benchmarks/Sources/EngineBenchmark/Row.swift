import LuaEngine

/// 30 fields as a row of the API has them: 10 integers, 10 floats, 10 strings, under names that are known beforehand,
/// as in the bindings and in CReference.
func writeRow(_ row: LuaWriter) {
    row.openTable(fields: 30)
    row.field("field_00") { row.integer(1000000) }
    row.field("field_01") { row.number(0.0) }
    row.field("field_02") { row.string("RTX 4090" as StaticString) }
    row.field("field_03") { row.integer(1000003) }
    row.field("field_04") { row.number(0.75) }
    row.field("field_05") { row.string("RTX 4090" as StaticString) }
    row.field("field_06") { row.integer(1000006) }
    row.field("field_07") { row.number(1.5) }
    row.field("field_08") { row.string("RTX 4090" as StaticString) }
    row.field("field_09") { row.integer(1000009) }
    row.field("field_10") { row.number(2.25) }
    row.field("field_11") { row.string("RTX 4090" as StaticString) }
    row.field("field_12") { row.integer(1000012) }
    row.field("field_13") { row.number(3.0) }
    row.field("field_14") { row.string("RTX 4090" as StaticString) }
    row.field("field_15") { row.integer(1000015) }
    row.field("field_16") { row.number(3.75) }
    row.field("field_17") { row.string("RTX 4090" as StaticString) }
    row.field("field_18") { row.integer(1000018) }
    row.field("field_19") { row.number(4.5) }
    row.field("field_20") { row.string("RTX 4090" as StaticString) }
    row.field("field_21") { row.integer(1000021) }
    row.field("field_22") { row.number(5.25) }
    row.field("field_23") { row.string("RTX 4090" as StaticString) }
    row.field("field_24") { row.integer(1000024) }
    row.field("field_25") { row.number(6.0) }
    row.field("field_26") { row.string("RTX 4090" as StaticString) }
    row.field("field_27") { row.integer(1000027) }
    row.field("field_28") { row.number(6.75) }
    row.field("field_29") { row.string("RTX 4090" as StaticString) }
}
