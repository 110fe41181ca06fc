package io.throughline.pipeline.index;

import io.throughline.elasticsearch.IndexAction;
import io.throughline.elasticsearch.IndexActionType;
import io.throughline.kafka.KafkaRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * <pre>
 * records of all document topics -> index-document -> index-write  (Elasticsearch)
 *                                        \-> index-reject          (topic rejected)
 * </pre>
 *
 * No state and no shuffle: the order of versions is Elasticsearch's to keep, by external version.
 */
final class IndexTopology {

    private IndexTopology() {}

    /**
     * @param generation of the indices written to
     * @param rejected takes records as they are to be on the broker, key and value
     */
    static void build(
            DataStream<KafkaRecord> records,
            int generation,
            String registryUrl,
            Sink<IndexAction> elasticsearch,
            Sink<KafkaRecord> rejected) {
        SingleOutputStreamOperator<IndexAction> actions = records.process(
                        new IndexFunction(generation, registryUrl), IndexActionType.INSTANCE)
                .name("index-document")
                .uid("index-document");
        actions.sinkTo(elasticsearch).name("index-write").uid("index-write");
        actions.getSideOutput(IndexFunction.REJECTED)
                .sinkTo(rejected)
                .name("index-reject")
                .uid("index-reject");
    }
}
