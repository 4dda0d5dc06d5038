package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The messages of the Open Inference Protocol, as its specification has them. */
enum Protocol {
    LIVE("live"),
    SERVER_READY("serverReady"),
    MODEL_READY("modelReady"),
    SERVER("server"),
    MODEL("model"),
    REQUEST("request"),
    RESPONSE("response"),
    ERROR("error");

    private static final String ID = "https://portolan.invalid/open-inference-protocol.json";
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text())));

    private final String definition;

    Protocol(String definition) {
        this.definition = definition;
    }

    private static String text() {
        try (InputStream in = Protocol.class.getResourceAsStream("/serve/open-inference-protocol.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Asserts that a message is one of these, and gives it back. */
    JsonNode requireValid(JsonNode message) {
        Schema schema = SCHEMAS.getSchema(SchemaLocation.of(ID + "#/$defs/" + definition));
        assertThat(schema.validate(message.toString(), InputFormat.JSON))
                .extracting(Error::toString)
                .as(message.toString())
                .isEmpty();
        return message;
    }
}
