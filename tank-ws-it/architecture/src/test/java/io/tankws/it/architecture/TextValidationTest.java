package io.tankws.it.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import io.tankws.Message;
import io.tankws.spi.support.ValidatedText;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The UTF-8 of a received text is validated once, by one owner for each way in.
 *
 * <p>The owners are listed here. A new validation anywhere else fails this test, and so does a message that is created
 * with a check from bytes that have an owner. Other tests prove that each owner does validate: {@code FrameContract}
 * for transports, {@code CompressionTest} for compressed messages, {@code ForgedNodeMessageTest} for backplanes.
 */
class TextValidationTest {
    private static final String VALIDATOR = "io.tankws.wire.Utf8Validator";
    private static final String PROOF = "io.tankws.wire.Utf8Proof";

    /** {@code Payload} validates text and JSON that an application passes as bytes. */
    @Test
    void oneClassValidatesTheTextsOfAllTransports() {
        assertEquals(
                Set.of(
                        "io.tankws.Message.textFrame",
                        "io.tankws.Payload.copyOfUtf8",
                        "io.tankws.spi.support.MessageAssembler.isValidPart"),
                callers(access -> access.getTargetOwner().getName().equals(VALIDATOR)));
    }

    /**
     * These texts are no messages: a transport decodes close reasons and requests, the core decodes names in messages
     * of other nodes, a protocol decodes the texts in a binary message, and a codec decodes ids and tags of
     * publications.
     */
    @Test
    void decodersValidateOtherTextsThanMessages() {
        assertEquals(
                Set.of(
                        "io.tankws.Credentials.ofHeader",
                        "io.tankws.core.cluster.NodeMessage.text",
                        "io.tankws.protocol.centrifuge.codec.ProtobufFieldReader.text",
                        "io.tankws.spi.support.PublicationCodec.text",
                        "io.tankws.transport.javawebsocket.ClosePayload.parse",
                        "io.tankws.wire.PercentText.decode"),
                callers(access -> access.getTargetOwner().isEquivalentTo(CharsetDecoder.class)));
    }

    @Test
    void messagesAreCheckedIfNoTransportHasValidatedTheirBytes() {
        assertEquals(
                Set.of(
                        "io.tankws.core.cluster.NodeMessage.messages",
                        "io.tankws.core.session.InboundHandler.relayAsText"),
                callers(access -> isFactoryOf(Message.class, access)));
    }

    @Test
    void messagesOfValidatedAndEncodedTextsAreNotChecked() {
        assertEquals(
                Set.of(
                        "io.tankws.core.protocol.PlainProtocol.denial",
                        "io.tankws.core.protocol.PlainProtocol.envelope",
                        "io.tankws.core.session.InboundHandler.onText",
                        "io.tankws.protocol.centrifuge.CallCommands.send",
                        "io.tankws.protocol.centrifuge.PublicationEncoding.message"),
                callers(access -> isFactoryOf(ValidatedText.class, access)));
        assertEquals(
                Set.of("io.tankws.spi.support.ValidatedText.of"),
                callers(access -> access.getTargetOwner().getName().equals(PROOF)));
    }

    /** Returns whether an access calls a method that takes the bytes of a text as its last parameter. */
    private static boolean isFactoryOf(Class<?> owner, JavaAccess<?> access) {
        if (!access.getTargetOwner().isEquivalentTo(owner)
                || !(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        List<JavaClass> parameters = target.getRawParameterTypes();
        return target.getRawReturnType().isEquivalentTo(Message.Text.class)
                && parameters.get(parameters.size() - 1).isEquivalentTo(ByteBuffer.class);
    }

    /** Returns the methods of the library that contain a matching access to another class. */
    private static Set<String> callers(Predicate<JavaAccess<?>> predicate) {
        return OwnModule.CLASSES.stream()
                .filter(type -> !type.getPackageName().matches("io\\.tankws\\.(testkit|examples)\\b.*"))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> !access.getOriginOwner().equals(access.getTargetOwner()))
                .filter(predicate)
                .map(access -> name(access.getOrigin()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(JavaCodeUnit method) {
        return method.getOwner().getName() + "." + method.getName();
    }
}
