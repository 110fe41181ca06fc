package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.elasticsearch.BulkAnswer.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "200, -, APPLIED",
                "201, -, APPLIED",
                "404, -, APPLIED",
                "409, version_conflict_engine_exception, STALE",
                "400, document_parsing_exception, POISON",
                "400, mapper_parsing_exception, POISON",
                "400, strict_dynamic_mapping_exception, POISON",
                "400, illegal_argument_exception, POISON",
                "400, action_request_validation_exception, POISON",
                "400, index_closed_exception, BUSY",
                "400, validation_exception, BUSY",
                "413, -, TOO_BIG",
                "429, es_rejected_execution_exception, BUSY",
                "429, cluster_block_exception, BUSY",
                "403, cluster_block_exception, BUSY",
                "502, -, BUSY",
                "503, unavailable_shards_exception, BUSY",
                "504, -, BUSY",
                "500, exception, BUSY",
                "401, security_exception, UNAUTHORISED",
                "403, security_exception, UNAUTHORISED",
                "404, index_not_found_exception, MISSING_INDEX",
            })
    void an_answer_for_one_document(int code, String type, Verdict verdict) {
        assertThat(Verdict.ofDocument(new Status(code, type, null))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "413, -, TOO_BIG",
                "429, -, BUSY",
                "429, circuit_breaking_exception, BUSY",
                "408, -, BUSY",
                "500, -, BUSY",
                "502, -, BUSY",
                "503, -, BUSY",
                "504, -, BUSY",
                "403, cluster_block_exception, BUSY",
                "400, action_request_validation_exception, REFUSED",
                "400, illegal_argument_exception, REFUSED",
                "400, -, BUSY",
                "401, -, UNAUTHORISED",
                "403, security_exception, UNAUTHORISED",
                "404, index_not_found_exception, MISSING_INDEX",
                "404, -, UNUSABLE",
                "405, -, UNUSABLE",
                "302, -, UNUSABLE",
            })
    void an_answer_for_the_whole_request(int code, String type, Verdict verdict) {
        assertThat(Verdict.ofRequest(new Status(code, type, null))).isEqualTo(verdict);
    }
}
