package io.throughline.local;

/**
 * How big each Flink process is, in MiB. What the system reports as resident is about the sum of a process's parts.
 *
 * @param taskManagers how many to start with the cluster
 * @param slots per TaskManager
 * @param taskHeap for operators and records of one TaskManager
 * @param managed for RocksDB in one TaskManager, shared by its slots
 */
public record FlinkSize(int taskManagers, int slots, int taskHeap, int managed) {
    static final int FRAMEWORK_HEAP = 128;
    static final int FRAMEWORK_OFF_HEAP = 128;
    static final int NETWORK = 96;
    static final int METASPACE = 256;
    static final int OVERHEAD = 192;
    static final int JOB_MANAGER_HEAP = 384;
    static final int JOB_MANAGER_OFF_HEAP = 128;

    public FlinkSize {
        if (taskManagers < 1 || slots < 1 || taskHeap < 64 || managed < 16) {
            throw new IllegalArgumentException(
                    "FlinkSize needs at least 1 TaskManager, 1 slot, 64 MiB of heap and 16 of" + " managed memory; got "
                            + taskManagers + ", " + slots + ", " + taskHeap + ", " + managed);
        }
    }

    /** One TaskManager with 4 slots, at most 3.2 GiB. */
    public static FlinkSize standard() {
        return new FlinkSize(1, 4, 1536, 1024);
    }

    public FlinkSize withTaskManagers(int count) {
        return new FlinkSize(count, slots, taskHeap, managed);
    }

    int taskManagerHeap() {
        return FRAMEWORK_HEAP + taskHeap;
    }

    int taskManagerDirect() {
        return FRAMEWORK_OFF_HEAP + NETWORK;
    }
}
