package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class IndexFunctionTest {
    /** A job cancelled while it is deployed: what a task throws while it is closed ends its TaskManager, and all jobs there. */
    @Test
    void isClosedWithoutHavingBeenOpened() throws Exception {
        IndexFunction deployed = InstantiationUtil.clone(new IndexFunction(1, "http://127.0.0.1:1"));

        assertThatCode(deployed::close).doesNotThrowAnyException();
    }
}
