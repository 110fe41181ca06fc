package io.throughline.pipeline.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.kind == 'complaint' || touchpoint.satisfaction <= 25.0 @ kind is complaint or satisfaction at most 25 %
                    touchpoint.kind == 'transfer' || touchpoint.outcome != 'resolved' @ kind is transfer or outcome is not resolved
                    touchpoint.outbound || touchpoint.kind == 'case_resolved' @ it is outbound or kind is case resolved
                    touchpoint.kind in ['case_resolved', 'promise_made', 'promise_due'] @ kind is case resolved, promise made or promise due
                    touchpoint.kind in ['visit'] && touchpoint.value > 99.5 @ kind is visit and value above 99.5
                    customer.tier != '' && (touchpoint.kind == 'complaint' || touchpoint.sentiment <= -0.7) @ the customer has an alert tier, and either kind is complaint or sentiment at most -0.7
                    touchpoint.kind == 'a' || touchpoint.kind == 'b' && touchpoint.score < 3.0 @ kind is a, or both kind is b and score below 3
                    touchpoint.kind == 'message' ? touchpoint.outbound : touchpoint.outcome == 'unresolved' @ if kind is message, it is outbound; otherwise outcome is unresolved
                    touchpoint.touchpoint.startsWith('checkout') @ touchpoint begins with checkout
                    !touchpoint.touchpoint.endsWith('_end') @ touchpoint does not end with _end
                    touchpoint.properties.promise.contains('price') @ promise contains price
                    touchpoint.properties['sales_region'] == 'north' @ sales region is north
                    has(touchpoint.properties.promise) && !('due' in touchpoint.properties) @ promise is known and due is not known
                    touchpoint.wait_ms > 5400000 @ wait above 1 h 30 min
                    !(touchpoint.handle_ms < 0) @ handling time at least 0 s
                    10.0 >= touchpoint.score @ score at most 10
                    !(customer.tier != '') @ the customer has no alert tier
                    customer.tier in ['gold', 'platinum'] @ alert tier is gold or platinum
                    !touchpoint.outbound @ it is not outbound
                    touchpoint.topic == 'slow_internet' && touchpoint.case_id == 'FU_881' @ topic is slow internet and case is FU_881
                    touchpoint.location in ['shop_2', 'shop_3'] @ location is shop_2 or shop_3
                    """)
    void simpleComparisonsAreSaidInWords(String expression, String words) throws ExpressionException {
        assertThat(CelCondition.of(expression).words()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.topic.matches('^bill.*')
                    touchpoint.score - 1.0 <= 3.0
                    touchpoint.kind == touchpoint.channel
                    double(touchpoint.properties.attempts) > 3.0
                    !(touchpoint.kind == 'a' || touchpoint.kind == 'b')
                    touchpoint.kind == 'a' || (touchpoint.kind == 'b' && (touchpoint.score < 3.0 || touchpoint.outbound))
                    (touchpoint.outbound ? touchpoint.kind : touchpoint.channel) == 'a'
                    touchpoint.kind == 'a' && (touchpoint.outbound ? true : touchpoint.score < 1.0)
                    true
                    touchpoint.score < 1e999
                    touchpoint.outcome in ['', 'unresolved']
                    touchpoint.kind.startsWith('')
                    """)
    void whatIsNotSimpleIsNotSaidInWordsThatOnlyAlmostMeanIt(String expression) throws ExpressionException {
        assertThat(CelCondition.of(expression).words()).isNull();
    }
}
