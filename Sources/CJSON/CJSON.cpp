#include "CJSON.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include <simdjson.h>

namespace {

// simdjson refuses texts of 4 GiB and more.
constexpr size_t largest_text = 0xFFFFFFFF - 64;

// Larger scratch buffers than this (in bytes of JSON text) are given back after use: they take about 15 times as much.
constexpr size_t largest_kept_text = 512 * 1024;

// The parser's working memory, one for each thread that parses, so that a page does not pay for its allocation.
struct Scratch {
    simdjson::dom::parser parser;
    simdjson::dom::document document;
    size_t depth = 0;
};

thread_local std::unique_ptr<Scratch> scratch;

enum cjson_status status_of(simdjson::error_code code) {
    switch (code) {
    case simdjson::SUCCESS: return CJSON_OK;
    case simdjson::MEMALLOC: return CJSON_OUT_OF_MEMORY;
    case simdjson::CAPACITY: return CJSON_TOO_LARGE;
    case simdjson::DEPTH_ERROR: return CJSON_TOO_DEEP;
    case simdjson::EMPTY: return CJSON_EMPTY;
    case simdjson::UTF8_ERROR: return CJSON_BAD_UTF8;
    case simdjson::NUMBER_ERROR: return CJSON_BAD_NUMBER;
    default: return CJSON_BAD_SYNTAX;
    }
}

// How many bytes of the string buffer are in use: strings are written in tape order, so the last one tells.
size_t used_string_bytes(const uint64_t *words, size_t count, const uint8_t *strings) {
    size_t last = SIZE_MAX;
    for (size_t index = 0; index < count; index++) {
        switch (words[index] >> 56) {
        case '"': last = words[index] & 0x00FFFFFFFFFFFFFF; break;
        case 'l': case 'u': case 'd': index++; break;
        default: break;
        }
    }
    if (last == SIZE_MAX) return 0;
    uint32_t length;
    std::memcpy(&length, strings + last, sizeof length);
    return last + sizeof length + length + 1;
}

enum cjson_status copy_out(const simdjson::dom::document &document, cjson_tape *tape) {
    const uint64_t *words = document.tape.get();
    const size_t count = size_t(words[0] & 0xFFFFFFFF);
    const size_t bytes = used_string_bytes(words, count, document.string_buf.get());
    auto *block = static_cast<uint8_t *>(std::malloc(count * sizeof(uint64_t) + bytes));
    if (block == nullptr) return CJSON_OUT_OF_MEMORY;
    std::memcpy(block, words, count * sizeof(uint64_t));
    std::memcpy(block + count * sizeof(uint64_t), document.string_buf.get(), bytes);
    *tape = {reinterpret_cast<uint64_t *>(block), count, block + count * sizeof(uint64_t), bytes};
    return CJSON_OK;
}

enum cjson_status parse(const uint8_t *bytes, size_t length, size_t depth, cjson_tape *tape) {
    if (!scratch) scratch.reset(new Scratch());
    if (scratch->parser.capacity() < length || scratch->depth != depth) {
        scratch->depth = 0;
        const auto failure = scratch->parser.allocate(length, depth);
        if (failure) return status_of(failure);
        scratch->depth = depth;
    }
    simdjson::dom::element root;
    const auto failure =
        scratch->parser.parse_into_document(scratch->document, bytes, length, true).get(root);
    return failure ? status_of(failure) : copy_out(scratch->document, tape);
}

}  // namespace

extern "C" enum cjson_status cjson_parse(const uint8_t *bytes, size_t length, size_t depth, cjson_tape *tape) {
    *tape = {nullptr, 0, nullptr, 0};
    if (length == 0) return CJSON_EMPTY;
    if (length > largest_text) return CJSON_TOO_LARGE;
    try {
        const auto status = parse(bytes, length, depth, tape);
        if (length > largest_kept_text || status == CJSON_OUT_OF_MEMORY) scratch.reset();
        return status;
    } catch (const std::bad_alloc &) {
        scratch.reset();
        return CJSON_OUT_OF_MEMORY;
    } catch (...) {
        scratch.reset();
        return CJSON_BAD_SYNTAX;
    }
}

extern "C" void cjson_free(cjson_tape *tape) {
    std::free(const_cast<uint64_t *>(tape->words));
    *tape = {nullptr, 0, nullptr, 0};
}
