package io.throughline.domain.stitch;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells which messages need not travel: those to a node of the sender's own task, which can be handed to it at once.
 *
 * <p>One sender's messages to one node keep their order, so none may be handed over while an earlier one travels. Two nodes
 * that share a task now may have been apart before the job was rescaled. So they count as near only if they shared a task at
 * every parallelism since nothing travelled; that is known exactly, because what is sent and what is taken in is counted,
 * and a snapshot is a consistent cut of both.
 *
 * <p>Nodes are divided into groups, and a task of {@code p} has the consecutive groups {@code g} with the same {@code g * p /
 * groups}.
 */
public final class Vicinity {
    /** Stands for state that says nothing of what travels. */
    private static final int APART = 0;

    /**
     * What one task remembers.
     *
     * @param parallelisms at which messages were sent that may still travel; 0: nobody knows
     * @param sent messages that had to travel, less those taken in; of one task it says nothing, only the sum does
     */
    public record Passage(Set<Integer> parallelisms, long sent) {
        public Passage {
            parallelisms = Set.copyOf(parallelisms);
        }
    }

    private final Set<Integer> parallelisms = new HashSet<>();
    /** By group: groups of one number were never apart. */
    private final int[] quarter;

    private long sent;

    private Vicinity(int groups) {
        this.quarter = new int[groups];
    }

    /** Of a job that begins. */
    public static Vicinity ofNew(int groups, int parallelism) {
        Vicinity vicinity = new Vicinity(groups);
        vicinity.settle(parallelism);
        return vicinity;
    }

    /**
     * Of a job that goes on from a snapshot.
     *
     * @param remembered by all of its tasks; of none: by a build that sent everything, so that everything goes on travelling
     * @param first whether this task answers for what all of them sent; one does
     */
    public static Vicinity ofRestored(int groups, int parallelism, Collection<Passage> remembered, boolean first) {
        Vicinity vicinity = new Vicinity(groups);
        long travelling = 0;
        for (Passage passage : remembered) {
            travelling += passage.sent();
            vicinity.parallelisms.addAll(passage.parallelisms());
        }
        if (remembered.isEmpty()) {
            vicinity.parallelisms.add(APART);
        } else if (travelling == 0 && !vicinity.parallelisms.contains(APART)) {
            vicinity.parallelisms.clear();
        }
        vicinity.sent = first ? travelling : 0;
        vicinity.settle(parallelism);
        return vicinity;
    }

    private void settle(int parallelism) {
        parallelisms.add(parallelism);
        for (int group = 1; group < quarter.length; group++) {
            quarter[group] = quarter[group - 1] + (isBorder(group) ? 1 : 0);
        }
    }

    private boolean isBorder(int group) {
        for (int parallelism : parallelisms) {
            if (taskOf(group, parallelism) != taskOf(group - 1, parallelism)) {
                return true;
            }
        }
        return false;
    }

    private int taskOf(int group, int parallelism) {
        return (int) ((long) group * parallelism / quarter.length);
    }

    /** Whether a message from a node of this task's can be handed over. */
    public boolean isNear(int fromGroup, int toGroup) {
        return quarter[fromGroup] == quarter[toGroup] && !parallelisms.contains(APART);
    }

    /** A message was sent that has to travel. */
    public void sent() {
        sent++;
    }

    /** A message was taken in that had travelled. */
    public void takenIn() {
        sent--;
    }

    /** What to remember in a snapshot taken now. */
    public Passage snapshot() {
        return new Passage(parallelisms, sent);
    }
}
