using ReleaseDashboard.Core.Engines.Docker;
using Xunit;

namespace ReleaseDashboard.Tests.Engines.Docker;

public sealed class ListeningSocketsTests
{
    [Fact]
    public void Table_OfTheKernel_GivesWhatListens()
    {
        const string table =
            """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 123 1 0000000000000000 100 0 0 10 0
               1: 0B00007F:A2C5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 124 1 0000000000000000 100 0 0 10 0
               2: 0100007F:1F90 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 125 1 0000000000000000 100 0 0 10 0
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 126 1 0000000000000000 100 0 0 10 0
               1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 127 1 0000000000000000 100 0 0 10 0
            """;
        Assert.Equal(["127.0.0.1:8080", "[::]:80", "[::1]:81"], ListeningSockets.Parse(table));
        Assert.Empty(ListeningSockets.Parse(""));
    }
}
