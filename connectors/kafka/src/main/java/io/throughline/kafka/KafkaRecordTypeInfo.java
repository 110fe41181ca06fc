package io.throughline.kafka;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Tells Flink how a {@link KafkaRecord} is serialised, so that it needs no generic type. */
public final class KafkaRecordTypeInfo extends TypeInformation<KafkaRecord> {

    public static final KafkaRecordTypeInfo INSTANCE = new KafkaRecordTypeInfo();

    private static final long serialVersionUID = 1;

    private KafkaRecordTypeInfo() {}

    /** Found by Flink through the annotation on {@link KafkaRecord}. */
    public static final class Factory extends TypeInfoFactory<KafkaRecord> {
        @Override
        public TypeInformation<KafkaRecord> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return INSTANCE;
        }
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<KafkaRecord> getTypeClass() {
        return KafkaRecord.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<KafkaRecord> createSerializer(SerializerConfig config) {
        return KafkaRecordSerializer.INSTANCE;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof KafkaRecordTypeInfo;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KafkaRecordTypeInfo;
    }

    @Override
    public int hashCode() {
        return KafkaRecordTypeInfo.class.hashCode();
    }

    @Override
    public String toString() {
        return "KafkaRecord";
    }
}
