package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.TextLayout;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Touchpoints of customers in; alerts out, retracted when their cause moves away. */
public final class AlertTopology {

    public static DataStream<Alert> alert(DataStream<Attribution> attributions, AlertConfig config) {
        LayoutType<Alert> alerts = LayoutType.of(Alert.class, AlertLayout.INSTANCE);
        return attributions
                .keyBy(Attribution::customerId, TextLayout.KEY)
                .process(
                        new KeyedRuleFunction<String, AlertState, Attribution, Alert, Alert>(
                                new AlertRuleSet(config),
                                LayoutType.state(AlertState.class, AlertStateLayout.INSTANCE),
                                KeyedRuleFunction.Forward.all()),
                        alerts)
                .name("alert-customers")
                .uid("alert-customers");
    }

    private AlertTopology() {}
}
