package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.TouchpointChange;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;

/** Lets a {@link NodeFunction} go on to another node of the same task, which a function cannot do by itself. */
final class NodeOperator extends KeyedCoProcessOperator<Hash128, TouchpointChange, Letter, Attribution> {
    private static final long serialVersionUID = 1;

    private final NodeFunction function;

    NodeOperator(NodeFunction function) {
        super(function);
        this.function = function;
    }

    @Override
    public void open() throws Exception {
        super.open();
        function.goOnWith(this::setCurrentKey);
    }
}
