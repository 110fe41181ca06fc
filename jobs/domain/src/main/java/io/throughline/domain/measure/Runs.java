package io.throughline.domain.measure;

import java.util.Arrays;

/**
 * A tally in runs, each ascending, that are merged when somebody reads it. The pane into which nearly all facts are folded is
 * read once, when it is packed: to look each bin up in a table would take a step through memory for every fact, and the
 * table twice the memory of the runs.
 */
final class Runs {
    private static final int MOST = 16;
    private static final int FEW = 4;
    /** Bins that may stand in several runs: so many times those of the largest, and some. */
    private static final int TIMES = 3;

    private static final int SOME = 1_024;

    private Tally[] runs = new Tally[FEW];
    private int count;
    private int bins;
    private int largest;
    private long sum;

    /** Adds every bin of a tally {@code sign} times; the tally may be changed afterwards. */
    void add(Tally tally, int sign) {
        Tally run = tally.run(sign);
        if (run.isEmpty()) {
            return;
        }
        if (count == runs.length) {
            runs = Arrays.copyOf(runs, 2 * count);
        }
        runs[count++] = run;
        sum += run.sum();
        bins += run.size();
        largest = Math.max(largest, run.size());
        if (count >= FEW && bins > TIMES * largest + SOME) {
            merge(0);
        } else if (count >= MOST) {
            merge(tail());
        }
    }

    /** About how many bins there are; those in several runs count several times. */
    int size() {
        return bins;
    }

    boolean isEmpty() {
        if (sum != 0) {
            return false;
        }
        merge(0);
        return count == 0;
    }

    /** All of it; not to be changed. */
    Tally tally() {
        merge(0);
        return count == 0 ? new Tally() : runs[0];
    }

    /**
     * Where the runs begin that together are half as large as the one before: that is not gone through for what is little
     * beside it, so that each bin is merged as often as what is added doubles.
     */
    private int tail() {
        int from = count - 1;
        int size = runs[from].size();
        while (from > 0 && runs[from - 1].size() <= 2 * size) {
            from--;
            size += runs[from].size();
        }
        return from;
    }

    private void merge(int from) {
        if (count - from < 2) {
            return;
        }
        Tally all = merged(from);
        Arrays.fill(runs, from, runs.length, null);
        count = from;
        if (!all.isEmpty()) {
            runs[count++] = all;
        }
        bins = 0;
        largest = 0;
        for (int i = 0; i < count; i++) {
            bins += runs[i].size();
            largest = Math.max(largest, runs[i].size());
        }
    }

    /** All from one on in one pass: of the bins that come next, one of each run, the smallest. */
    private Tally merged(int from) {
        Tally[] some = Arrays.copyOfRange(runs, from, count);
        int left = some.length;
        int size = 0;
        for (Tally run : some) {
            size += run.size();
        }
        Tally all = Tally.ascending(size);
        int[] at = new int[left];
        long[] next = new long[left];
        for (int i = 0; i < left; i++) {
            next[i] = some[i].binAt(0);
        }
        while (left > 0) {
            long bin = next[0];
            for (int i = 1; i < left; i++) {
                bin = Math.min(bin, next[i]);
            }
            long seen = 0;
            int i = 0;
            while (i < left) {
                if (next[i] != bin) {
                    i++;
                    continue;
                }
                seen += some[i].countAt(at[i]++);
                if (at[i] < some[i].size()) {
                    next[i] = some[i].binAt(at[i]);
                    i++;
                } else {
                    left--;
                    some[i] = some[left];
                    at[i] = at[left];
                    next[i] = next[left];
                }
            }
            all.add(bin, seen);
        }
        return all.size() < size / 2 ? all.run(1) : all;
    }
}
