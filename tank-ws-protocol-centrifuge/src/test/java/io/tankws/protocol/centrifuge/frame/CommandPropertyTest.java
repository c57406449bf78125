package io.tankws.protocol.centrifuge.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.tankws.protocol.centrifuge.message.Command;
import io.tankws.protocol.centrifuge.schema.RandomMessages;
import io.tankws.protocol.centrifuge.schema.Records;
import io.tankws.protocol.centrifuge.schema.ReferenceJson;
import io.tankws.protocol.centrifuge.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Commands with all fields of the schema, written by protobuf-java and Jackson, are read with the fields in use. */
class CommandPropertyTest {
    private static final List<String> METHODS = List.of(
            "connect",
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "rpc",
            "send",
            "refresh",
            "sub_refresh",
            "ping");

    @Property(tries = 300)
    void bothEncodingsAreReadAlike(@ForAll long seed) throws IOException {
        RandomMessages random = new RandomMessages(seed);
        ByteArrayOutputStream protobuf = new ByteArrayOutputStream();
        List<String> json = new ArrayList<>();
        List<Command> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            DynamicMessage command = random.message(Schema.message("Command"));
            command.writeDelimitedTo(protobuf);
            json.add(ReferenceJson.of(command));
            expected.add(expected(command));
        }
        assertEquals(expected, all(Encoding.PROTOBUF.open(ByteBuffer.wrap(protobuf.toByteArray()))));
        byte[] lines = String.join("\n", json).getBytes(StandardCharsets.UTF_8);
        assertEquals(expected, all(Encoding.JSON.open(ByteBuffer.wrap(lines))));
        assertEquals(expected, all(Encoding.JSON.open(ByteBuffer.wrap(lines).asReadOnlyBuffer())));
    }

    /** The first of several methods counts. */
    private static Command expected(DynamicMessage command) {
        long id = Integer.toUnsignedLong((Integer) command.getField(field(command, "id")));
        for (String method : METHODS) {
            if (command.hasField(field(command, method))) {
                return new Command(id, (io.tankws.protocol.centrifuge.message.Request)
                        Records.of((DynamicMessage) command.getField(field(command, method))));
            }
        }
        return new Command(id, null);
    }

    private static FieldDescriptor field(DynamicMessage message, String name) {
        return message.getDescriptorForType().findFieldByName(name);
    }

    private static List<Command> all(CommandFrame frame) throws IOException {
        List<Command> commands = new ArrayList<>();
        while (frame.hasNext()) {
            commands.add(frame.next());
        }
        assertFalse(frame.hasNext());
        return commands;
    }
}
