package io.throughline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Link;
import io.throughline.domain.stitch.Preview;
import io.throughline.domain.stitch.Preview.Deciding;
import io.throughline.domain.stitch.Preview.Example;
import io.throughline.domain.stitch.Preview.Regrouped;
import io.throughline.domain.stitch.Preview.Size;
import io.throughline.domain.stitch.SuperNode;
import io.throughline.domain.touchpoint.Identifier;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A preview as text and as JSON. Identifiers are pseudonyms in both. */
record PreviewReport(
        Preview preview,
        TypedSubject typed,
        String source,
        Decided decided,
        long records,
        long rejectedBefore,
        long rejectedAfter) {

    /**
     * People's decisions that count with each of the two configurations.
     *
     * @param source where they were read; null where nobody was asked
     */
    record Decided(@Nullable String source, int before, int after) {}

    /** Identifiers that change their kind are listed up to here; all are counted. */
    private static final int LISTED = 10;

    String text() {
        StringBuilder text = new StringBuilder();
        if (preview.changesNothing()) {
            line(
                    text,
                    "No change: %s",
                    count(preview.touchpoints().before(), "touchpoint")
                            + ", "
                            + count(preview.customersBefore(), "customer"));
            rejected(text);
            return text.toString().stripTrailing();
        }
        line(text, "customers   %,d -> %,d", preview.customersBefore(), preview.customersAfter());
        regrouped(text, "merged", preview.merged());
        regrouped(text, "split", preview.split());
        line(
                text,
                "  %-9s %s",
                "renamed",
                preview.renamed() == 0
                        ? "none"
                        : count(preview.renamed(), "customer")
                                + (preview.renamed() == 1
                                        ? " gets another id and keeps its touchpoints"
                                        : " get another id and keep their touchpoints"));
        Preview.Touchpoints touchpoints = preview.touchpoints();
        line(text, "touchpoints %,d -> %,d", touchpoints.before(), touchpoints.after());
        line(text, "  %-9s %s", "moved", count(touchpoints.moved(), "touchpoint") + " to another customer id");
        if (touchpoints.lost() + touchpoints.gained() > 0) {
            line(text, "  %-9s %,d", "lost", touchpoints.lost());
            line(text, "  %-9s %,d", "gained", touchpoints.gained());
        }
        rejected(text);
        superNodes(
                text,
                "quarantined, it links nothing any more",
                "quarantined, they link nothing any more",
                preview.quarantined());
        superNodes(text, "released, it begins to link", "released, they begin to link", preview.released());
        devices(text, "becomes shared", "become shared", preview.shared());
        devices(text, "ceases to be shared", "cease to be shared", preview.unshared());
        sizes(text, "largest before", preview.largestBefore());
        sizes(text, "largest after", preview.largestAfter());
        for (Example merge : preview.merges()) {
            example(text, "merge: " + merge.survivor() + " absorbs " + names(merge.others()), merge, "refused now");
        }
        for (Example split : preview.splits()) {
            example(
                    text,
                    "split: " + split.survivor() + " stays, out of it "
                            + (split.others().size() == 1 ? "comes " : "come ") + names(split.others()),
                    split,
                    "refused then");
        }
        return text.toString().stripTrailing();
    }

    private void rejected(StringBuilder text) {
        if (rejectedBefore + rejectedAfter > 0) {
            line(text, "  %-9s %,d -> %,d of %,d records", "rejected", rejectedBefore, rejectedAfter, records);
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private static String count(int number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private static void regrouped(StringBuilder text, String what, Regrouped regrouped) {
        line(
                text,
                "  %-9s %s",
                what,
                regrouped.from() == 0
                        ? "none"
                        : count(regrouped.from(), "customer")
                                + (regrouped.from() == 1 ? " becomes " : " become ")
                                + String.format(Locale.ROOT, "%,d", regrouped.to()));
    }

    private void superNodes(StringBuilder text, String whatOneDoes, String whatSeveralDo, List<SuperNode> superNodes) {
        if (superNodes.isEmpty()) {
            return;
        }
        line(
                text,
                "%s %s",
                count(superNodes.size(), "identifier"),
                superNodes.size() == 1 ? whatOneDoes : whatSeveralDo);
        superNodes.stream()
                .limit(LISTED)
                .forEach(node -> line(text, "  %s %s", typed.write(node.identifier()), node.because()));
        more(text, superNodes.size());
    }

    private void devices(StringBuilder text, String whatOneDoes, String whatSeveralDo, List<Identifier> devices) {
        if (devices.isEmpty()) {
            return;
        }
        line(text, "%s %s", count(devices.size(), "device"), devices.size() == 1 ? whatOneDoes : whatSeveralDo);
        devices.stream().limit(LISTED).forEach(device -> line(text, "  %s", typed.write(device)));
        more(text, devices.size());
    }

    private static void more(StringBuilder text, int all) {
        if (all > LISTED) {
            line(text, "  and %,d more", all - LISTED);
        }
    }

    private static void sizes(StringBuilder text, String what, List<Size> sizes) {
        line(text, "%s", what);
        for (Size size : sizes) {
            line(
                    text,
                    "  %-26s %s, %s",
                    size.customerId(),
                    count(size.touchpoints(), "touchpoint"),
                    count(size.identifiers(), "identifier"));
        }
    }

    private static String names(List<String> customers) {
        String some = customers.stream().limit(LISTED).collect(Collectors.joining(", "));
        return customers.size() > LISTED ? some + " and " + (customers.size() - LISTED) + " more" : some;
    }

    private void example(StringBuilder text, String title, Example example, String refused) {
        line(text, "%s", title);
        line(
                text,
                "  %s, %s: %s%s",
                count(example.touchpoints(), "touchpoint"),
                count(example.identifierCount(), "identifier"),
                example.identifiers().stream().map(typed::write).collect(Collectors.joining(", ")),
                example.identifierCount() > example.identifiers().size() ? ", ..." : "");
        for (Deciding deciding : example.evidence()) {
            Link link = deciding.accepted().link();
            line(text, "  %s - %s", typed.write(link.left()), typed.write(link.right()));
            line(
                    text,
                    "    %s%s; %s: %s",
                    deciding.accepted().rule(),
                    link.touchpointId().isEmpty()
                            ? ""
                            : ", touchpoint " + link.touchpointId() + " at " + Documents.time(link.eventTime()),
                    refused,
                    deciding.refused()
                            .replace(link.left().toString(), typed.write(link.left()))
                            .replace(link.right().toString(), typed.write(link.right())));
        }
        for (SuperNode superNode : example.superNodes()) {
            if (example.evidence().isEmpty()) {
                line(
                        text,
                        "  %s: %s is a super-node, %s",
                        refused,
                        typed.write(superNode.identifier()),
                        superNode.because());
            }
        }
        if (example.evidence().isEmpty() && example.superNodes().isEmpty()) {
            line(text, "  by logins on shared devices, or by touchpoints that count in one of the two only");
        }
    }

    String json() {
        ObjectNode json = Documents.object();
        json.put("change", !preview.changesNothing());
        ObjectNode searched = json.putObject("searched");
        searched.put("source", source)
                .put("records", records)
                .put("rejected_before", rejectedBefore)
                .put("rejected_after", rejectedAfter);
        ObjectNode decisions = searched.putObject("decisions");
        if (decided.source() != null) {
            decisions.put("source", decided.source());
        }
        decisions.put("before", decided.before()).put("after", decided.after());
        json.putObject("touchpoints")
                .put("before", preview.touchpoints().before())
                .put("after", preview.touchpoints().after())
                .put("lost", preview.touchpoints().lost())
                .put("gained", preview.touchpoints().gained())
                .put("moved", preview.touchpoints().moved());
        json.putObject("customers")
                .put("before", preview.customersBefore())
                .put("after", preview.customersAfter())
                .put("renamed", preview.renamed());
        json.putObject("merged")
                .put("from", preview.merged().from())
                .put("to", preview.merged().to());
        json.putObject("split")
                .put("from", preview.split().from())
                .put("to", preview.split().to());
        superNodes(json.putArray("quarantined"), preview.quarantined());
        superNodes(json.putArray("released"), preview.released());
        identifiers(json.putArray("shared_devices"), preview.shared());
        identifiers(json.putArray("unshared_devices"), preview.unshared());
        sizes(json.putArray("largest_before"), preview.largestBefore());
        sizes(json.putArray("largest_after"), preview.largestAfter());
        examples(json.putArray("merges"), "absorbed", preview.merges());
        examples(json.putArray("splits"), "separated", preview.splits());
        return Documents.pretty(json);
    }

    private static void superNodes(ArrayNode array, List<SuperNode> superNodes) {
        superNodes.forEach(superNode -> Documents.put(array.addObject(), superNode));
    }

    private static void identifiers(ArrayNode array, List<Identifier> identifiers) {
        identifiers.forEach(identifier -> Documents.put(array.addObject(), identifier));
    }

    private static void sizes(ArrayNode array, List<Size> sizes) {
        sizes.forEach(size -> array.addObject()
                .put("customer_id", size.customerId())
                .put("touchpoint_count", size.touchpoints())
                .put("identifier_count", size.identifiers()));
    }

    private static void examples(ArrayNode array, String others, List<Example> examples) {
        for (Example example : examples) {
            ObjectNode node = array.addObject();
            node.put("survivor", example.survivor());
            ArrayNode ids = node.putArray(others);
            example.others().forEach(ids::add);
            identifiers(node.putArray("identifiers"), example.identifiers());
            node.put("identifier_count", example.identifierCount());
            node.put("touchpoint_count", example.touchpoints());
            superNodes(node.putArray("super_nodes"), example.superNodes());
            ArrayNode evidence = node.putArray("evidence");
            for (Deciding deciding : example.evidence()) {
                Link link = deciding.accepted().link();
                ObjectNode piece = evidence.addObject();
                Documents.put(piece.putObject("left"), link.left());
                Documents.put(piece.putObject("right"), link.right());
                piece.put("rule", deciding.accepted().rule());
                if (!link.touchpointId().isEmpty()) {
                    piece.put("touchpoint_id", link.touchpointId());
                }
                piece.put("event_time", Documents.time(link.eventTime()));
                piece.put("refused", deciding.refused());
            }
        }
    }
}
