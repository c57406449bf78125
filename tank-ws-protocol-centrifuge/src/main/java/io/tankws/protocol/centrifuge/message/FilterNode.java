package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldNames;
import io.tankws.protocol.centrifuge.codec.FieldReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of a filter by tags: a comparison, or an operation on other nodes.
 *
 * @param op the operation; empty for a comparison
 * @param key the name of the tag to compare
 * @param cmp the operator of the comparison
 * @param val the value to compare with
 * @param vals the values to compare with, for operators on sets
 * @param nodes the operands of the operation
 */
public record FilterNode(String op, String key, String cmp, String val, List<String> vals, List<FilterNode> nodes) {
    private static final FieldNames NAMES = FieldNames.builder()
            .add(1, "op")
            .add(2, "key")
            .add(3, "cmp")
            .add(4, "val")
            .add(5, "vals")
            .add(6, "nodes")
            .build();

    static FilterNode read(FieldReader in) throws IOException {
        String op = "";
        String key = "";
        String cmp = "";
        String val = "";
        List<String> vals = new ArrayList<>();
        List<FilterNode> nodes = new ArrayList<>();
        for (int tag = in.nextField(NAMES); tag != FieldReader.END; tag = in.nextField(NAMES)) {
            switch (tag) {
                case 1 -> op = in.text();
                case 2 -> key = in.text();
                case 3 -> cmp = in.text();
                case 4 -> val = in.text();
                case 5 -> in.texts(vals);
                case 6 -> in.messages(nodes, FilterNode::read);
                default -> in.skip();
            }
        }
        return new FilterNode(op, key, cmp, val, vals, nodes);
    }
}
