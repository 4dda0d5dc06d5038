package io.portolan.converter.source.tfjs;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Protobuf messages in protobuf's JSON form, of a document that was parsed within limits. A member that the message does not have is
 * refused.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
record ProtoJson(JsonDocument document) {
    /** Adds the fields that an object has. */
    void merge(String place, Object json, Message.Builder message) throws CheckpointException {
        for (Map.Entry<?, ?> member : document.object(place, json).entrySet()) {
            String name = (String) member.getKey();
            FieldDescriptor field = message.getDescriptorForType().getFields().stream()
                    .filter(known ->
                            known.getJsonName().equals(name) || known.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> document.wrong(
                            place + " with the member " + name,
                            member.getValue(),
                            "members of " + message.getDescriptorForType().getName()));
            set(place + "." + name, member.getValue(), field, message);
        }
    }

    private void set(String place, Object json, FieldDescriptor field, Message.Builder message)
            throws CheckpointException {
        if (json == null) {
            return;
        }
        if (field.isMapField()) {
            FieldDescriptor value = field.getMessageType().findFieldByName("value");
            for (Map.Entry<?, ?> entry : document.object(place, json).entrySet()) {
                Message.Builder pair = message.newBuilderForField(field);
                pair.setField(field.getMessageType().findFieldByName("key"), entry.getKey());
                pair.setField(value, value(place + "." + entry.getKey(), entry.getValue(), value, pair));
                message.addRepeatedField(field, pair.build());
            }
        } else if (field.isRepeated()) {
            List<?> items = document.list(place, json);
            for (int i = 0; i < items.size(); i++) {
                message.addRepeatedField(field, value(place + "[" + i + "]", items.get(i), field, message));
            }
        } else {
            message.setField(field, value(place, json, field, message));
        }
    }

    private Object value(String place, Object json, FieldDescriptor field, Message.Builder parent)
            throws CheckpointException {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder message = parent.newBuilderForField(field);
                merge(place, json, message);
                yield message.build();
            }
            case STRING -> document.text(place, json);
            case BYTE_STRING -> bytes(place, document.text(place, json));
            case BOOLEAN -> document.flag(place, json).orElseThrow();
            case ENUM -> constant(place, json, field);
            case LONG -> integer(place, json);
            case INT -> narrow(place, json);
            case FLOAT -> (float) real(place, json);
            case DOUBLE -> real(place, json);
        };
    }

    private ByteString bytes(String place, String base64) throws CheckpointException {
        try {
            return ByteString.copyFrom(
                    Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException malformed) {
            throw document.wrong(place, base64, "bytes in base64");
        }
    }

    /** A constant by its name or its number. */
    private EnumValueDescriptor constant(String place, Object json, FieldDescriptor field) throws CheckpointException {
        EnumValueDescriptor found = json instanceof Long number
                ? number == (int) (long) number ? field.getEnumType().findValueByNumber((int) (long) number) : null
                : field.getEnumType().findValueByName(document.text(place, json));
        if (found == null) {
            throw document.wrong(
                    place, json, "a constant of " + field.getEnumType().getName());
        }
        return found;
    }

    private int narrow(String place, Object json) throws CheckpointException {
        long number = integer(place, json);
        if (number != (int) number) {
            throw document.wrong(place, json, "an integer of 32 bits");
        }
        return (int) number;
    }

    /** Integers of 64 bits are texts, since JavaScript has none. */
    private long integer(String place, Object json) throws CheckpointException {
        if (json instanceof Long number) {
            return number;
        }
        try {
            return Long.parseLong(document.text(place, json));
        } catch (NumberFormatException malformed) {
            throw document.wrong(place, json, "an integer");
        }
    }

    private double real(String place, Object json) throws CheckpointException {
        if (json instanceof Number number) {
            return number.doubleValue();
        }
        try {
            return Double.parseDouble(document.text(place, json));
        } catch (NumberFormatException malformed) {
            throw document.wrong(place, json, "a number");
        }
    }
}
