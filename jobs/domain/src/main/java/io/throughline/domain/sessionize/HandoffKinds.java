package io.throughline.domain.sessionize;

/**
 * Handoffs by who passed on to whom.
 *
 * @param botToHuman from a bot to a person
 * @param agentToAgent between agents of one department, or of departments nobody named
 * @param department from one named department to another
 */
public record HandoffKinds(int botToHuman, int agentToAgent, int department) {
    public static final HandoffKinds NONE = new HandoffKinds(0, 0, 0);

    public int total() {
        return botToHuman + agentToAgent + department;
    }
}
