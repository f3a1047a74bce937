using System.Text;
using ReleaseDashboard.Core.Secrets;

namespace ReleaseDashboard.Tests.Fakes;

/// <summary>Hides nothing; shows only that text went through.</summary>
internal sealed class FakeVault : ISecretVault
{
    public string Protect(string clear) => Convert.ToBase64String(Encoding.UTF8.GetBytes(clear));

    public string Unprotect(string secret) => Encoding.UTF8.GetString(Convert.FromBase64String(secret));
}
