using System.Text;
using Google.Protobuf;

namespace ReleaseDashboard.Core.Engines.Docker.BuildKit;

/// <summary>A step of a build. It is repeated as it changes; <paramref name="Digest"/> is its identity.</summary>
internal sealed record TraceVertex(string Digest, string Name, bool Cached, DateTimeOffset? Started, DateTimeOffset? Completed, string Error);

/// <param name="Stream">1 out, 2 err.</param>
/// <param name="Message">Several lines, or a part of one.</param>
internal sealed record TraceLog(string Vertex, long Stream, ReadOnlyMemory<byte> Message);

internal sealed record TraceWarning(string Vertex, string Short, IReadOnlyList<string> Detail);

/// <summary>
/// One <c>moby.buildkit.v1.StatusResponse</c>, read by hand because four small messages are not worth a code generator.
/// Field numbers: moby/buildkit, api/services/control/control.proto. Unknown fields are skipped, as the format wants.
/// </summary>
internal sealed record BuildTrace(IReadOnlyList<TraceVertex> Vertexes, IReadOnlyList<TraceLog> Logs, IReadOnlyList<TraceWarning> Warnings)
{
    /// <summary>Throws <see cref="InvalidProtocolBufferException"/> for what is not a StatusResponse.</summary>
    public static BuildTrace Read(byte[] bytes)
    {
        var vertexes = new List<TraceVertex>();
        var logs = new List<TraceLog>();
        var warnings = new List<TraceWarning>();
        Each(new CodedInputStream(bytes), (field, input) =>
        {
            switch (field)
            {
                case 1: vertexes.Add(Vertex(Message(input))); break;
                case 3: logs.Add(Log(Message(input))); break;
                case 4: warnings.Add(Warning(Message(input))); break;
                default: return false;
            }

            return true;
        });
        return new BuildTrace(vertexes, logs, warnings);
    }

    private static TraceVertex Vertex(CodedInputStream message)
    {
        string digest = "", name = "", error = "";
        var cached = false;
        DateTimeOffset? started = null, completed = null;
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case 1: digest = Text(input); break;
                case 3: name = Text(input); break;
                case 4: cached = input.ReadBool(); break;
                case 5: started = Time(Message(input)); break;
                case 6: completed = Time(Message(input)); break;
                case 7: error = Text(input); break;
                default: return false;
            }

            return true;
        });
        return new TraceVertex(digest, name, cached, started, completed, error);
    }

    private static TraceLog Log(CodedInputStream message)
    {
        var vertex = "";
        long stream = 1;
        ReadOnlyMemory<byte> text = default;
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case 1: vertex = Text(input); break;
                case 3: stream = input.ReadInt64(); break;
                case 4: text = input.ReadBytes().Memory; break;
                default: return false;
            }

            return true;
        });
        return new TraceLog(vertex, stream, text);
    }

    private static TraceWarning Warning(CodedInputStream message)
    {
        string vertex = "", brief = "";
        var detail = new List<string>();
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case 1: vertex = Text(input); break;
                case 3: brief = Text(input); break;
                case 4: detail.Add(Text(input)); break;
                default: return false;
            }

            return true;
        });
        return new TraceWarning(vertex, brief, detail);
    }

    /// <summary>google.protobuf.Timestamp: seconds = 1, nanos = 2.</summary>
    private static DateTimeOffset Time(CodedInputStream message)
    {
        long seconds = 0, nanoseconds = 0;
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case 1: seconds = input.ReadInt64(); break;
                case 2: nanoseconds = input.ReadInt32(); break;
                default: return false;
            }

            return true;
        });
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
    }

    private static void Each(CodedInputStream input, Func<int, CodedInputStream, bool> read)
    {
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag), input)) input.SkipLastField();
        }
    }

    private static CodedInputStream Message(CodedInputStream input) => input.ReadBytes().CreateCodedInput();

    /// <summary>Read as bytes: a step's name comes from a Dockerfile, which need not be valid UTF-8, and a strict reader would throw.</summary>
    private static string Text(CodedInputStream input) => Encoding.UTF8.GetString(input.ReadBytes().Span);
}
