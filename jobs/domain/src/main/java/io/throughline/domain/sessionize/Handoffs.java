package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Set;

/**
 * Counts how often a customer was passed on: every {@code transfer}, and every change from bot to agent on a
 * conversation channel that no transfer announced. On channel {@code bot} a bot is at work unless an agent is named.
 */
final class Handoffs {
    private static final String BOT = "bot";

    private enum Hands {
        NOBODY,
        BOT,
        /** Passed on by a transfer: whoever takes over was already counted. */
        BETWEEN,
        AGENT
    }

    private final Set<String> channels;
    private Hands hands = Hands.NOBODY;
    private int botToHuman;
    private int agentToAgent;
    private int department;

    Handoffs(Set<String> channels) {
        this.channels = channels;
    }

    void add(Touchpoint next) {
        if (next.kind().equals("transfer")) {
            transfer(next);
            hands = Hands.BETWEEN;
        } else if (channels.contains(next.channel())) {
            if ("agent".equals(next.actor())) {
                if (hands == Hands.BOT) {
                    botToHuman++;
                }
                hands = Hands.AGENT;
            } else if (BOT.equals(next.actor()) || next.channel().equals(BOT)) {
                hands = Hands.BOT;
            }
        }
    }

    private void transfer(Touchpoint transfer) {
        String from = transfer.properties().get("from");
        String to = transfer.properties().get("to");
        if (hands == Hands.BOT
                || BOT.equals(transfer.actor())
                || transfer.channel().equals(BOT)
                || BOT.equals(from)) {
            botToHuman++;
        } else if (from != null && to != null && !from.equals(to)) {
            department++;
        } else {
            agentToAgent++;
        }
    }

    HandoffKinds kinds() {
        return botToHuman + agentToAgent + department == 0
                ? HandoffKinds.NONE
                : new HandoffKinds(botToHuman, agentToAgent, department);
    }
}
