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
        if (count == MOST || (count >= FEW && bins > TIMES * largest + SOME)) {
            merge();
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
        merge();
        return count == 0;
    }

    /** All of it; not to be changed. */
    Tally tally() {
        merge();
        return count == 0 ? new Tally() : runs[0];
    }

    private void merge() {
        if (count < 2) {
            return;
        }
        Tally all = merged();
        Arrays.fill(runs, null);
        bins = all.size();
        largest = bins;
        count = 0;
        if (bins > 0) {
            runs[count++] = all;
        }
    }

    /** All in one pass: of the bins that come next, one of each run, the smallest. */
    private Tally merged() {
        Tally all = Tally.ascending(bins);
        int left = count;
        int[] at = new int[left];
        long[] next = new long[left];
        for (int i = 0; i < left; i++) {
            next[i] = runs[i].binAt(0);
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
                seen += runs[i].countAt(at[i]++);
                if (at[i] < runs[i].size()) {
                    next[i] = runs[i].binAt(at[i]);
                    i++;
                } else {
                    left--;
                    runs[i] = runs[left];
                    at[i] = at[left];
                    next[i] = next[left];
                }
            }
            all.add(bin, seen);
        }
        return all.size() < bins / 2 ? all.run(1) : all;
    }
}
