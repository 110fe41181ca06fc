package io.throughline.pipeline.stitch;

import java.io.Serializable;

/** Watches what goes round between identifier nodes, for those who must know when it has come to rest. */
public interface Progress extends Serializable {

    /** A message was sent to another task and not yet taken in. */
    void sent();

    /** A touchpoint or message was taken in, and everything it caused has been taken in too, or sent. */
    void settled();

    /** Nobody needs to know. */
    Progress UNWATCHED = new Progress() {
        private static final long serialVersionUID = 1;

        @Override
        public void sent() {}

        @Override
        public void settled() {}

        private Object readResolve() {
            return UNWATCHED;
        }
    };
}
