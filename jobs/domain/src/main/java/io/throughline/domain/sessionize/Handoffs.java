package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Set;

/**
 * Counts how often a customer was passed on: every {@code transfer}, and every change from bot to agent on a
 * conversation channel that no transfer announced. On channel {@code bot} a bot is at work unless an agent is named.
 */
final class Handoffs {
    private enum Hands {
        NOBODY,
        BOT,
        /** Passed on by a transfer: whoever takes over was already counted. */
        BETWEEN,
        AGENT
    }

    private final Set<String> channels;
    private Hands hands = Hands.NOBODY;
    private int count;

    Handoffs(Set<String> channels) {
        this.channels = channels;
    }

    void add(Touchpoint next) {
        if (next.kind().equals("transfer")) {
            count++;
            hands = Hands.BETWEEN;
        } else if (channels.contains(next.channel())) {
            if ("agent".equals(next.actor())) {
                if (hands == Hands.BOT) {
                    count++;
                }
                hands = Hands.AGENT;
            } else if ("bot".equals(next.actor()) || next.channel().equals("bot")) {
                hands = Hands.BOT;
            }
        }
    }

    int count() {
        return count;
    }
}
