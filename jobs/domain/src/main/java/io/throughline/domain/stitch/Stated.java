package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of what readers were last told of the customer ids of one component. Most ids are those of members, and are kept by the
 * identifier they are made of: to find one nobody need write it out.
 */
public final class Stated {
    private final Map<Identifier, Hash128> byMember;
    /** None of these is one of the above as well. */
    private final Map<String, Hash128> others;

    private Stated(Map<Identifier, Hash128> byMember, Map<String, Hash128> others) {
        this.byMember = byMember;
        this.others = others;
    }

    /** Of nobody, with room for so many members' ids. */
    public static Stated nothing(int members) {
        return new Stated(new HashMap<>(members + members / 2), new HashMap<>(0));
    }

    /** @param byCustomer is kept, and changes with it */
    public static Stated of(Map<String, Hash128> byCustomer) {
        return new Stated(Map.of(), byCustomer);
    }

    /** Of the customer id that is made of a member's identifier. */
    public void put(Identifier member, Hash128 said) {
        byMember.put(member, said);
    }

    /** Of a customer id that is made of none of those. */
    public void put(String customer, Hash128 said) {
        others.put(customer, said);
    }

    /** Of the customer id that is made of an identifier; null: nothing. */
    @Nullable
    Hash128 of(Identifier identifier) {
        Hash128 said = byMember.get(identifier);
        return said == null && !others.isEmpty() ? others.get(CustomerIds.of(identifier)) : said;
    }

    public Map<Identifier, Hash128> byMember() {
        return byMember;
    }

    /** Of ids that are not by member. */
    public Map<String, Hash128> others() {
        return others;
    }

    /** All of it. */
    public Map<String, Hash128> byCustomer() {
        if (byMember.isEmpty()) {
            return others;
        }
        Map<String, Hash128> all = new HashMap<>(2 * size());
        all.putAll(others);
        byMember.forEach((member, said) -> all.put(CustomerIds.of(member), said));
        return all;
    }

    public int size() {
        return byMember.size() + others.size();
    }

    public boolean isEmpty() {
        return byMember.isEmpty() && others.isEmpty();
    }
}
