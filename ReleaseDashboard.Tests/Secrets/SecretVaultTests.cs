using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Core.Secrets;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Secrets;

public sealed class SecretVaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("zwölf\nZeilen ✓ 🎉")]
    public void Unprotect_WhatAnotherVaultWithTheSameKeyProtected_IsTheText(string clear) =>
        Assert.Equal(clear, Vault(_folder).Unprotect(Vault(_folder).Protect(clear)));

    [Fact]
    public void Protect_Twice_IsDifferentAndHidesTheText()
    {
        var vault = Vault(_folder);

        Assert.NotEqual(vault.Protect("hunter2"), vault.Protect("hunter2"));
        Assert.DoesNotContain("hunter2", vault.Protect("hunter2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Unprotect_WithAnotherKeyOrChangedText_Throws()
    {
        using var other = new TemporaryFolder();
        var secret = Vault(_folder).Protect("hunter2");
        var changed = secret[..^6] + (secret[^6] == 'A' ? 'B' : 'A') + secret[^5..];

        Assert.Throws<CryptographicException>(() => Vault(other).Unprotect(secret));
        Assert.Throws<CryptographicException>(() => Vault(_folder).Unprotect(changed));
        Assert.Throws<CryptographicException>(() => Vault(_folder).Unprotect("v1:xx"));
        Assert.Throws<CryptographicException>(() => Vault(_folder).Unprotect("hunter2"));
    }

    [Fact]
    public void KeyFile_IsReadableByItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }
        Vault(_folder).Protect("x");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "keys", "secret.key")));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "keys")));
    }

    [Fact]
    public async Task KeyFile_MadeByManyAtOnce_IsOneKey()
    {
        var vaults = Enumerable.Range(0, 16).Select(_ => Vault(_folder)).ToList();

        var secrets = await Task.WhenAll(vaults.Select(v => Task.Run(() => v.Protect("x"), TestContext.Current.CancellationToken)));

        Assert.All(secrets, s => Assert.Equal("x", Vault(_folder).Unprotect(s)));
    }

    [Fact]
    public void KeyFile_ThatIsDamaged_IsNeverReplaced()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "keys"));
        var file = Path.Combine(_folder.Path, "keys", "secret.key");
        File.WriteAllText(file, "c2hvcnQ=");

        Assert.Throws<CryptographicException>(() => Vault(_folder).Protect("x"));
        Assert.Equal("c2hvcnQ=", File.ReadAllText(file));
    }

    private static SecretVault Vault(TemporaryFolder folder) => new(Options.Create(new CoreOptions { DataDirectory = folder.Path }));
}
