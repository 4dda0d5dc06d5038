package io.portolan.programs.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portolan.programs.Listing;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file of 431 bytes that MLIR wrote. */
class GoldenVectorTest {
    static final byte[] FILE = java.util.HexFormat.of()
            .parseHex(String.join(
                    "",
                    "4d4cef520d537461626c65484c4f5f76312e31352e300001230501051301030b03110f13171b1f23272b033d1b130105070b03170b0b0b0b2f131f170b2f0f03",
                    "13130f1307071b07131302a51f05170301230b1d191d1b1f01110000803f000020c01f0503051f030900000000290101011527011f0f1100000000000000001f",
                    "11012903090729010729030d0d091d11030105010501290305092903010904d105015001010704c1030105075001030704ad0311230301000342010503010342",
                    "010703050342010903030946010b030103010b060103010509030d56010d0303050b0707042903070b05050500110601030305010305040103050f46010f0301",
                    "030d050401050f050603010501001e021d0f0b051729150f111115190f0b116275696c74696e0076686c6f006d6f64756c6500636f6e7374616e745f76310072",
                    "657475726e5f76310066756e635f76310073696e655f7632006164645f7631007265647563655f76310062726f6164636173745f696e5f64696d5f7631006d61",
                    "78696d756d5f7631006d006d61696e007075626c696300082d110507010b050705090b030d030f0311031303170319"));

    @Test
    void theGoldenVectorIsReadOperationByOperation() throws Exception {
        MlirBytecode read = MlirBytecode.read(ByteBuffer.wrap(FILE), 0);
        assertEquals("StableHLO_v1.15.0", read.producer());
        assertEquals("VHLO 1.15.0", read.form());
        assertEquals(6, read.format());
        assertEquals("m", read.module().name());
        assertEquals(
                List.of(
                        "public main [][{}][{}, {}]",
                        "  (%0 tensor<2xf32>)",
                        "  %1 tensor<2xf32> = stablehlo.constant  {value=Tensor[elements=tensor<2xf32>]}",
                        "  %2 tensor<3xi1> = stablehlo.constant  {value=Tensor[elements=tensor<3xi1>]}",
                        "  %3 tensor<f32> = stablehlo.constant  {value=Tensor[elements=tensor<f32>]}",
                        "  %4 tensor<2xf32> = stablehlo.sine %0",
                        "  %5 tensor<2xf32> = stablehlo.add %4, %1",
                        "  %6 tensor<f32> = stablehlo.reduce %5, %3 {dimensions=Ints[values=[0]]}",
                        "    (%7 tensor<f32>, %8 tensor<f32>)",
                        "    %9 tensor<f32> = stablehlo.maximum %7, %8",
                        "    return %9",
                        "  %10 tensor<2xf32> = stablehlo.broadcast_in_dim %6 {broadcast_dimensions=Ints[values=[]]}",
                        "  return %10, %2"),
                Listing.of(read.module()));
        List<Operation> operations = read.module().main().body().operations();
        Elements floats = operations.get(0).elements("value");
        assertEquals(1.0, floats.doubleAt(0));
        assertEquals(-2.5, floats.doubleAt(1));
        Elements booleans = operations.get(1).elements("value");
        assertEquals(List.of(1L, 0L, 1L), List.of(booleans.longAt(0), booleans.longAt(1), booleans.longAt(2)));
    }

    @Test
    void constantsAreNotCopied() throws Exception {
        byte[] bytes = FILE.clone();
        Operation constant = MlirBytecode.read(ByteBuffer.wrap(bytes), 0)
                .module()
                .main()
                .body()
                .operations()
                .get(0);
        int at = indexOf(bytes, new byte[] {0, 0, (byte) 0x80, 0x3F});
        bytes[at + 3] = 0x40;
        assertEquals(4.0, constant.elements("value").doubleAt(0));
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        int at = 0;
        while (!java.util.Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        assertTrue(at > 0);
        return at;
    }
}
